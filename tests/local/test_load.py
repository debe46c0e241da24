"""Traffic comes at the rate that was set, from the moment it was set, and the same for the same seed."""

from datetime import timedelta

import pytest

from local.fleet import Site, start
from local.installation import Installation
from local.load import Load
from local.releases import SCORER

HOUR = timedelta(hours=1)
SITE = Site("scores", "scores", "risk", "ml.c7i.large", 2)


@pytest.fixture
def served(empty: Installation) -> Installation:
    """An installation in which one endpoint serves."""
    start(empty, SITE, SCORER)
    return empty


def requests(here: Installation) -> int:
    return sum(each.requests for each in here.kernel.served("scores").values())


@pytest.mark.parametrize("rate", [0.5, 6.0, 300.0])
def test_so_many_requests_a_minute_come_on_average(served: Installation, rate: float) -> None:
    Load(served.kernel, seed=1).set_rate("scores", rate)

    served.kernel.advance(4 * HOUR)

    assert requests(served) == pytest.approx(240 * rate, rel=0.2)


def test_a_new_rate_takes_the_place_of_the_old_one_at_once(served: Installation) -> None:
    load = Load(served.kernel, seed=1)
    load.set_rate("scores", 0.01)
    load.set_rate("scores", 60.0)

    served.kernel.advance(HOUR)

    assert requests(served) == pytest.approx(3600, rel=0.1)
    assert load.rate("scores") == 60.0


def test_at_rate_0_nothing_comes_but_what_was_on_its_way(served: Installation) -> None:
    load = Load(served.kernel, seed=1)
    load.set_rate("scores", 60.0)
    load.set_rate("scores", 0)

    served.kernel.advance(HOUR)

    assert requests(served) <= 1
    assert load.rate("scores") == 0
    assert load.rate("other") == 0


def test_the_same_seed_sends_the_same_requests_and_another_one_others(served: Installation) -> None:
    sent = []
    for seed in (1, 1, 2):
        before = requests(served)
        load = Load(served.kernel, seed)
        load.set_rate("scores", 60.0)
        served.kernel.advance(HOUR)
        load.set_rate("scores", 0)
        served.kernel.advance(timedelta(minutes=1))
        sent.append(requests(served) - before)

    assert sent[0] == sent[1]
    assert sent[0] != sent[2]
