"""The peak against the account's quotas, beside what other endpoints use."""

from pointsman.core.peaks import Fleet, needs_of
from pointsman.core.quota_check import InUse, Quotas, fits

TYPE, OTHER = "ml.m5.xlarge", "ml.g5.xlarge"
NEEDS = needs_of(Fleet(TYPE, 2), Fleet(TYPE, 2))


def exceeded(quotas: Quotas, in_use: InUse) -> list[str]:
    return [fit.name for fit in fits(NEEDS, quotas, in_use) if fit.is_exceeded]


def test_the_peak_counts_beside_what_runs_elsewhere() -> None:
    assert exceeded(Quotas({TYPE: 8}, 6, 10), InUse({TYPE: 2, OTHER: 2})) == []
    assert exceeded(Quotas({TYPE: 8}), InUse({TYPE: 3})) == [f"{TYPE} for endpoint usage"]
    assert exceeded(Quotas(all_endpoints=9), InUse({TYPE: 2, OTHER: 2})) == [
        "Number of instances across active endpoints"
    ]


def test_one_endpoint_has_a_quota_of_its_own() -> None:
    assert exceeded(Quotas(per_endpoint=5), InUse({TYPE: 90})) == ["Maximum number of instances per endpoint"]


def test_what_is_not_known_is_never_called_exceeded() -> None:
    found = fits(NEEDS, Quotas(unread="denied"), InUse(unread="too many"))

    assert [(fit.limit, fit.others) for fit in found] == [(None, None), (None, 0), (None, None)]
    assert not any(fit.is_exceeded for fit in found)


def test_without_others_counted_the_peak_alone_can_exceed() -> None:
    [of_type, _endpoint, _all] = fits(NEEDS, Quotas({TYPE: 5}), InUse(unread="denied"))

    assert of_type.is_exceeded
    assert of_type.needed == 6


def test_each_type_counts_for_itself() -> None:
    needs = needs_of(Fleet(OTHER, 1), Fleet(TYPE, 2))

    found = {fit.name: (fit.peak, fit.others) for fit in fits(needs, Quotas(), InUse({OTHER: 7}))}

    assert found[f"{OTHER} for endpoint usage"] == (2, 7)
    assert found[f"{TYPE} for endpoint usage"] == (4, 0)
