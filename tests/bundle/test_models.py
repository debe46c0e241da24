"""What is cut from botocore's models, and what is not: on a small model, and on every operation in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from bundle import NotBuilt
from bundle.models import cut_endpoints, cut_service
from bundle.operations import OPERATIONS, READ
from twin.wire.models import LOADER

CALLS = [(service, operation) for service, names in sorted(OPERATIONS.items()) for operation in sorted(names)]
SMALL: dict[str, Any] = {
    "metadata": {"endpointPrefix": "toys"},
    "documentation": "<p>Toys.</p>",
    "operations": {
        "GetToy": {"input": {"shape": "Ask"}, "output": {"shape": "Toy"}, "documentation": "<p>Gets.</p>"},
        "PutToy": {"input": {"shape": "Put"}},
    },
    "shapes": {
        "Ask": {"type": "structure", "members": {"documentation": {"shape": "Text", "documentation": "A."}}},
        "Toy": {"type": "structure", "members": {"Parts": {"shape": "Parts"}}, "documentation": "A toy."},
        "Parts": {
            "type": "map",
            "key": {"shape": "Text"},
            "value": {"shape": "Toy", "documentation": "Of it."},
        },
        "Text": {"type": "string"},
        "Put": {"type": "structure", "members": {}},
        "Broken": {"type": "structure", "members": {"Why": {"shape": "Why"}}, "exception": True},
        "Why": {"type": "string"},
    },
}


class TestASmallModel:
    def test_it_keeps_what_its_operations_reach_and_every_exception(self) -> None:
        cut = cut_service("toys", SMALL, ["GetToy"])
        assert set(cut["operations"]) == {"GetToy"}
        assert set(cut["shapes"]) == {"Ask", "Toy", "Parts", "Text", "Broken", "Why"}

    def test_documentation_goes_and_a_member_of_that_name_stays(self) -> None:
        cut = cut_service("toys", SMALL, ["GetToy"])
        assert cut["shapes"]["Ask"]["members"] == {"documentation": {"shape": "Text"}}
        assert cut["shapes"]["Parts"]["value"] == {"shape": "Toy"}
        assert "Gets" not in str(cut)
        assert "toy." not in str(cut)

    def test_an_operation_that_botocore_does_not_know_is_named(self) -> None:
        with pytest.raises(NotBuilt, match="BreakToy of toys"):
            cut_service("toys", SMALL, ["GetToy", "BreakToy"])

    def test_of_the_endpoints_every_region_stays_and_no_other_service(self) -> None:
        partition = {"regions": {"us-east-1": {}}, "services": {"toys": {"endpoints": {}}, "other": {}}}
        cut = cut_endpoints({"version": 3, "partitions": [partition]}, {"toys"})
        assert cut["partitions"] == [partition | {"services": {"toys": {"endpoints": {}}}}]


@pytest.fixture(scope="session")
def cut_loader(unpacked: Path) -> Loader:
    return Loader([str(unpacked / "botocore" / "data")], include_default_search_paths=False)


def operation_of(loader: Loader, service: str, operation: str) -> OperationModel:
    model = loader.load_service_model(service, "service-2")
    return ServiceModel(model, service).operation_model(operation)


def described(service: str, shape: Any, above: tuple[str, ...] = ()) -> Any:
    """A shape as far down as it goes; where it comes back to itself, its name."""
    if shape is None or shape.name in above:
        return shape and shape.name
    below = (*above, shape.name)
    read = READ.get((service, shape.name), getattr(shape, "members", {}).keys())
    parts = {name: part for name, part in getattr(shape, "members", {}).items() if name in read}
    parts |= {kind: getattr(shape, kind) for kind in ("member", "key", "value") if hasattr(shape, kind)}
    # Nor the references, which carry documentation of their own: what they refer to is described here.
    left_out = {"documentation", "members", "member", "key", "value"}
    plain = {key: value for key, value in shape._shape_model.items() if key not in left_out}
    return plain, {name: described(service, part, below) for name, part in parts.items()}


@pytest.mark.parametrize(("service", "operation"), CALLS)
def test_an_operation_in_use_takes_and_gives_what_it_did(
    cut_loader: Loader, service: str, operation: str
) -> None:
    cut, full = (operation_of(loader, service, operation) for loader in (cut_loader, LOADER))
    for kind in ("input_shape", "output_shape"):
        assert described(service, getattr(cut, kind)) == described(service, getattr(full, kind))
    assert [shape.name for shape in cut.error_shapes] == [shape.name for shape in full.error_shapes]
    assert cut.http == full.http
    assert cut.metadata == full.metadata


@pytest.mark.parametrize("service", sorted(OPERATIONS))
def test_whatever_goes_wrong_is_still_known_by_its_name(cut_loader: Loader, service: str) -> None:
    models = (
        ServiceModel(loader.load_service_model(service, "service-2"), service)
        for loader in (cut_loader, LOADER)
    )
    cut, full = ({shape.name: shape.metadata for shape in model.error_shapes} for model in models)
    assert cut == full
