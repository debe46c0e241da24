"""Cuts botocore's data down to the operations in use, in a staged copy. JSON in, JSON out: botocore itself is not imported."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bundle.errors import NotBuilt
from bundle.operations import OPERATIONS, READ

Json = dict[str, Any]
SERVICE, RULES = "service-2.json", "endpoint-rule-set-1.json"
WHOLE = ("_retry.json", "partitions.json", "sdk-default-configuration.json")
"""What botocore reads beside services and endpoints, kept as it is."""


def cut_data(data: Path) -> None:
    """Replace `botocore/data` by what the operations in use need: their services, the rules of their addresses, the partitions.

    botocore looks there by itself, so no environment variable is needed. Pages and waiters are left out: nothing uses them.

    Raises:
        NotBuilt: botocore has no such service or operation.

    """
    cut = {name: (data / name).read_bytes() for name in WHOLE}
    prefixes = set()
    for service, operations in OPERATIONS.items():
        version = _latest(data, service)
        model = cut_service(service, _read(version / SERVICE), operations)
        prefixes.add(str(model["metadata"]["endpointPrefix"]))
        folder = version.relative_to(data).as_posix()
        cut[f"{folder}/{SERVICE}"] = _written(model)
        cut[f"{folder}/{RULES}"] = _written(_read(version / RULES))
    cut["endpoints.json"] = _written(cut_endpoints(_read(data / "endpoints.json"), prefixes))
    shutil.rmtree(data)
    for name, content in cut.items():
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def cut_service(service: str, model: Json, operations: Iterable[str]) -> Json:
    """A service model with these operations, the shapes they reach and every exception; without documentation.

    Raises:
        NotBuilt: the model has no such operation.

    """
    missing = sorted(set(operations) - set(model["operations"]))
    if missing:
        raise NotBuilt(
            f"the locked botocore has no {', '.join(missing)} of {service}: correct bundle/operations.py, "
            "or lock a botocore that has it"
        )
    kept = {name: _undocumented(model["operations"][name]) for name in sorted(operations)}
    shapes = {name: _shape(service, name, shape) for name, shape in model["shapes"].items()}
    exceptions = (name for name, shape in shapes.items() if shape.get("exception"))
    reached = _reached(shapes, [*exceptions, *(name for each in kept.values() for name in _entries(each))])
    return _undocumented(model) | {
        "operations": kept,
        "shapes": {name: shape for name, shape in shapes.items() if name in reached},
    }


def cut_endpoints(endpoints: Json, prefixes: set[str]) -> Json:
    """Every partition and Region, and of the services those with these endpoint prefixes."""
    partitions = [
        partition
        | {"services": {name: each for name, each in partition["services"].items() if name in prefixes}}
        for partition in endpoints["partitions"]
    ]
    return endpoints | {"partitions": partitions}


def _shape(service: str, name: str, shape: Json) -> Json:
    """One shape without documentation, and with the members that are read."""
    bare = {
        key: _undocumented(value) if key in {"member", "key", "value"} else value
        for key, value in _undocumented(shape).items()
    }
    if "members" in bare:
        read = READ.get((service, name), bare["members"].keys())
        bare["members"] = {
            member: _undocumented(value) for member, value in bare["members"].items() if member in read
        }
    return bare


def _undocumented(part: Mapping[str, Any]) -> Json:
    return {key: value for key, value in part.items() if key not in {"documentation", "documentationUrl"}}


def _entries(operation: Json) -> Iterator[str]:
    for key in ("input", "output"):
        if key in operation:
            yield operation[key]["shape"]
    yield from (error["shape"] for error in operation.get("errors", ()))


def _reached(shapes: Json, start: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _named_by(shapes[name])
    return reached


def _named_by(shape: Json) -> Iterator[str]:
    yield from (shape[key]["shape"] for key in ("member", "key", "value") if key in shape)
    yield from (member["shape"] for member in shape.get("members", {}).values())


def _latest(data: Path, service: str) -> Path:
    """The newest version of a service, which is the one that a client gets."""
    folder = data / service
    versions = sorted(folder.iterdir()) if folder.is_dir() else []
    if not versions:
        raise NotBuilt(f"the locked botocore has no service {service}: correct bundle/operations.py")
    return versions[-1]


def _read(path: Path) -> Json:
    packed = path.with_name(f"{path.name}.gz")
    read: Json = json.loads(gzip.decompress(packed.read_bytes()) if packed.exists() else path.read_bytes())
    return read


def _written(value: Json) -> bytes:
    """Not packed: the zip does that, and a cold start is spared it."""
    return json.dumps(value, separators=(",", ":")).encode()
