"""Metric math: what an expression comes to where data is there and where it is missing."""

from __future__ import annotations

import pytest

from tests.twin.cloud import refused
from twin.formula import names_in, read

VALUES = {"err": 2.0, "inv": 50.0, "none": 0.0, "gap": None}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("err/inv", 0.04),
        ("100*err/inv", 4.0),
        ("(err + inv) / 2 - 1", 25.0),
        ("-err", -2.0),
        ("err/none", None),
        ("err/gap", None),
        ("IF(inv>0,100*err/inv,0)", 4.0),
        ("IF(none>0,100*err/none,0)", 0.0),
        ("IF(gap>0,1,0)", None),
        ("FILL(gap,7)", 7.0),
        ("FILL(err,7)", 2.0),
        ("err >= 2", 1.0),
        ("err != 2", 0.0),
        ("1.5", 1.5),
    ],
)
def test_what_an_expression_comes_to(expression: str, expected: float | None) -> None:
    assert read(expression)(VALUES) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "err +",
        "METRICS()",
        "SUM([err, inv])",
        "ANOMALY_DETECTION_BAND(err)",
        "err ** 2",
        "'text'",
        "1 < err < 3",
    ],
)
def test_what_the_twin_does_not_do_is_refused(expression: str) -> None:
    error = refused(lambda: read(expression))
    assert error.message.startswith("The twin does not do this yet: the metric math")


def test_the_ids_of_an_expression() -> None:
    assert names_in("IF(inv>0,FILL(err,0)/inv,0)") == {"err", "inv"}
