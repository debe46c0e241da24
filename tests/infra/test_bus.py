"""The bus: one, named as the functions find it, and left to its subscribers."""

from __future__ import annotations

from tests.infra.templates import Json, of_type


def test_the_bus_is_the_one_that_the_functions_put_events_on(template: Json) -> None:
    [bus] = of_type(template, "AWS::Events::EventBus").values()
    functions = of_type(template, "AWS::Lambda::Function").values()
    names = {each["Environment"]["Variables"]["POINTSMAN_BUS_NAME"] for each in functions}
    assert names == {bus["Name"]} == {"pointsman"}
    assert bus["Description"]


def test_no_rule_of_ours_is_on_the_bus(template: Json) -> None:
    assert all("EventBusName" not in rule for rule in of_type(template, "AWS::Events::Rule").values())
