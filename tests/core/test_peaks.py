"""How many instances run at once: UpdateEndpoint builds a whole new fleet each time."""

from pointsman.core.peaks import Fleet, Stage, needs_of, peak_by_type, peak_total

OLD, NEW = "ml.m5.xlarge", "ml.m6i.xlarge"


def totals(baseline: Fleet, candidate: Fleet) -> dict[Stage, int]:
    return {need.stage: need.total for need in needs_of(baseline, candidate)}


def test_the_baseline_runs_twice_at_the_start_and_the_version_twice_at_the_end() -> None:
    assert totals(Fleet(OLD, 2), Fleet(OLD, 3)) == {
        Stage.NOW: 2,
        Stage.START: 7,
        Stage.STEPS: 5,
        Stage.END: 8,
        Stage.AFTER: 3,
    }


def test_the_final_fleet_is_never_smaller_than_what_served() -> None:
    assert totals(Fleet(OLD, 4), Fleet(OLD, 2))[Stage.AFTER] == 4


def test_the_peak_of_each_type_is_counted_by_itself() -> None:
    needs = needs_of(Fleet(OLD, 2), Fleet(NEW, 3))

    assert peak_by_type(needs) == {OLD: 4, NEW: 6}
    assert peak_total(needs) == 8


def test_a_stage_says_what_each_fleet_is_for() -> None:
    start = needs_of(Fleet(OLD, 1), Fleet(NEW, 2))[1]

    assert [(what, fleet.count) for what, fleet in start.parts] == [
        ("baseline", 1),
        ("baseline again", 1),
        ("candidate", 2),
    ]
