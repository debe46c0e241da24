"""Reading for `adopt`: one endpoint or all of them, with a line on what is being read, and close names where there is none. What is said of it lives elsewhere."""

from __future__ import annotations

import difflib

from cli.adopt_one import Found
from cli.adopt_words import canary
from cli.progress import progress_of
from pointsman.account import Account
from pointsman.core.draft import Given, draft
from pointsman.core.guesses import window
from pointsman.errors import NotFound, PointsmanError
from pointsman.policy import EndpointName
from pointsman.survey import Sight

MOST_NAMES = 3


def found_in(account: Account, endpoint: EndpointName, given: Given) -> Found:
    """Look at one endpoint, and at its past where a policy can be drafted. Raises NotFound with close names."""
    survey = account.survey()
    with progress_of("reading") as progress:
        try:
            sight = survey.look(endpoint, progress)
        except NotFound as err:
            raise NotFound(
                f"{err} in account {account.identity.account}, {account.region}{_close(account, endpoint)}"
            ) from err
        if not canary(sight).works:
            return Found(sight)
        progress("the traffic of the past days", 0, 0)
        since, until = window(sight.made, account.now)
        past = survey.past(endpoint, sight.variants[0].name, since, until)
    return Found(sight, past, draft(sight, past, given))


def sights_in(account: Account) -> list[Sight]:
    """Look at every endpoint of the account and Region."""
    with progress_of("reading") as progress:
        return account.survey().look_at_all(progress)


def _close(account: Account, endpoint: EndpointName) -> str:
    """Names like it; nothing where they may not be listed: the answer stands without them."""
    try:
        names = account.survey().names()
    except PointsmanError:
        return ""
    if not names:
        return ", and there is no other: is the Region right (--region)?"
    by_case = {name.lower(): name for name in names}
    close = [
        by_case[each] for each in difflib.get_close_matches(endpoint.lower(), by_case, MOST_NAMES, cutoff=0.5)
    ]
    meant = f"; did you mean {' or '.join(close)}?" if close else f"; there are {len(names)} others"
    return f"{meant} pointsman adopt --report lists them"
