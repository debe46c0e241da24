"""botocore's own waiters, which nobody here wrote, see the kernel's endpoint change as one on AWS does."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError, WaiterError

from tests.twin.wire.serving import START, World, error_of
from twin.traffic import Profile


def test_the_waiter_sees_a_new_endpoint_come_into_service_after_minutes(world: World) -> None:
    seen = world.describe()

    assert seen["EndpointStatus"] == "InService"
    assert seen["CreationTime"] == START
    assert world.kernel.now - START > timedelta(minutes=2)


def test_the_waiter_sees_an_update_through(world: World) -> None:
    world.config("c-2", old=0.9, new=0.1)
    world.update("c-2")

    assert world.describe()["EndpointConfigName"] == "c-2"
    assert world.weights() == {"old": pytest.approx(0.9), "new": pytest.approx(0.1)}


def test_the_waiter_calls_it_success_when_the_endpoint_went_back_to_the_old_config(world: World) -> None:
    world.kernel.profiles[world.packages["new"]] = Profile(starts=False)

    world.config("c-2", old=0.9, new=0.1)
    world.update("c-2")

    seen = world.describe()
    assert seen["EndpointStatus"] == "InService"
    assert seen["EndpointConfigName"] == "c-1"
    assert seen["FailureReason"]


def test_the_waiter_gives_up_on_an_endpoint_that_failed(world: World) -> None:
    world.kernel.set_endpoint_status("e", "Failed", reason="no capacity")

    with pytest.raises(WaiterError, match="terminal failure state"):
        world.wait("endpoint_in_service")


def test_the_waiter_sees_an_endpoint_gone(world: World) -> None:
    world.sagemaker.delete_endpoint(EndpointName="e")

    world.wait("endpoint_deleted")

    with pytest.raises(ClientError) as error:
        world.describe()
    code, message = error_of(error)
    assert code == "ValidationException"
    assert message.startswith('Could not find endpoint "arn:aws:sagemaker:us-east-1:111122223333:endpoint/e"')


def test_a_change_during_a_change_is_refused(world: World) -> None:
    world.config("c-2", old=1.0, new=1.0)
    world.sagemaker.update_endpoint(EndpointName="e", EndpointConfigName="c-2")

    with pytest.raises(ClientError) as error:
        world.sagemaker.delete_endpoint(EndpointName="e")

    arn = "arn:aws:sagemaker:us-east-1:111122223333:endpoint/e"
    assert error_of(error) == ("ValidationException", f'Cannot update in-progress endpoint "{arn}".')


def test_a_weight_change_is_seen_when_it_is_over(world: World) -> None:
    world.config("c-2", old=0.9, new=0.1)
    world.update("c-2")
    desired = [{"VariantName": "old", "DesiredWeight": 1.0}, {"VariantName": "new", "DesiredWeight": 0.0}]

    world.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName="e", DesiredWeightsAndCapacities=desired
    )

    assert world.describe()["EndpointStatus"] == "Updating"
    world.wait("endpoint_in_service")
    assert world.weights() == {"old": 1.0, "new": 0.0}
