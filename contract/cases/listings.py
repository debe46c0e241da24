"""Pages, tokens and Search."""

from __future__ import annotations

from datetime import timedelta

from contract.case import Ground, Need, case
from contract.scene import Scene, refusal_of


def _page(scene: Scene, **given: object) -> tuple[list[str], str | None]:
    answer = scene.sagemaker.list_endpoint_configs(NameContains=scene.prefix, MaxResults=1, **given)
    return [row["EndpointConfigName"] for row in answer["EndpointConfigs"]], answer.get("NextToken")


@case("2.1", Ground.RECALLED)
def a_page_holds_what_was_asked_and_a_token(scene: Scene) -> None:
    """With MaxResults 1, a list goes on behind its NextToken and names nothing twice."""
    wanted, seen = {scene.two_variants() for _ in range(3)}, list[str]()
    names, token = _page(scene)
    while token is not None:
        assert len(names) <= 1
        seen += names
        names, token = _page(scene, NextToken=token)
    seen += names
    assert wanted <= set(seen)
    assert len(set(seen)) == len(seen)


@case("2.1", Ground.RECALLED)
def a_token_belongs_to_its_question(scene: Scene) -> None:
    """A made-up NextToken is refused with a ValidationException."""
    refusal = refusal_of(scene.sagemaker.list_endpoint_configs, NextToken="made-up")
    assert refusal.code == "ValidationException"


@case("9", Ground.RECALLED, Need.ENDPOINT, 2)
def search_finds_by_tag_sooner_or_later(scene: Scene) -> None:
    """Search finds an endpoint by its tag within five minutes."""
    name, tag = scene.endpoint(), scene.tags[0]
    wanted = [{"Name": f"Tags.{tag['Key']}", "Operator": "Equals", "Value": tag["Value"]}]

    def is_found() -> bool:
        found = scene.sagemaker.search(Resource="Endpoint", SearchExpression={"Filters": wanted})["Results"]
        return any(each["Endpoint"]["EndpointName"] == name for each in found)

    scene.until("Search finds the endpoint", is_found, timedelta(minutes=5))
