"""Names, ARNs, and what is said of names that are taken, absent or not allowed."""

from __future__ import annotations

from contract.case import Ground, Need, case
from contract.scene import Scene, assert_refused, refusal_of


@case("1.3", Ground.CONFIRMED)
def arns_are_lower_cased(scene: Scene) -> None:
    """An ARN carries the name in lower case, while the name itself keeps its case."""
    name = scene.model("Mixed-Case")
    seen = scene.sagemaker.describe_model(ModelName=name)
    assert seen["ModelName"] == name
    assert seen["ModelArn"].endswith(f":model/{name.lower()}")


@case("2.1", Ground.CONFIRMED)
def a_taken_name_is_refused(scene: Scene) -> None:
    """A model or configuration of a taken name is refused with "Cannot create already existing ..."."""
    variant, config = scene.variant("stable"), scene.two_variants()
    assert_refused(
        'Cannot create already existing model "arn:',
        scene.sagemaker.create_model,
        ModelName=scene.model(),
        ExecutionRoleArn=scene.cloud.settings.role,
        PrimaryContainer=scene.container(),
    )
    assert_refused(
        'Cannot create already existing endpoint configuration "arn:',
        scene.sagemaker.create_endpoint_config,
        EndpointConfigName=config,
        ProductionVariants=[variant],
    )


@case("2.1", Ground.CONFIRMED, Need.ENDPOINT)
def a_taken_endpoint_name_is_refused(scene: Scene) -> None:
    """An endpoint of a taken name is refused with "Cannot create already existing endpoint"."""
    assert_refused(
        'Cannot create already existing endpoint "arn:',
        scene.sagemaker.create_endpoint,
        EndpointName=scene.endpoint(),
        EndpointConfigName=scene.two_variants(),
    )


@case("2.1", Ground.CONFIRMED)
def what_is_absent_is_a_validation_exception(scene: Scene) -> None:
    """What does not exist is a ValidationException "Could not find ...", no ResourceNotFound."""
    absent, sagemaker = scene.name("absent"), scene.sagemaker
    assert_refused('Could not find endpoint "arn:', sagemaker.describe_endpoint, EndpointName=absent)
    assert_refused(
        'Could not find endpoint configuration "arn:',
        sagemaker.describe_endpoint_config,
        EndpointConfigName=absent,
    )
    assert_refused("Could not find model", sagemaker.describe_model, ModelName=absent)


@case("2.1", Ground.CONFIRMED)
def an_endpoint_needs_its_configuration(scene: Scene) -> None:
    """CreateEndpoint with a configuration that does not exist is refused with "Could not find endpoint configuration"."""
    assert_refused(
        'Could not find endpoint configuration "arn:',
        scene.sagemaker.create_endpoint,
        EndpointName=scene.name("never"),
        EndpointConfigName=scene.name("absent"),
    )


@case("2.1", Ground.CONFIRMED)
def a_name_with_an_underscore_is_refused(scene: Scene) -> None:
    """Names of endpoints hold letters, digits and inner hyphens only; the service refuses others, botocore does not."""
    refusal = refusal_of(
        scene.sagemaker.create_endpoint,
        EndpointName=f"{scene.prefix}_x",
        EndpointConfigName=scene.name("absent"),
    )
    assert refusal.code == "ValidationException"
    assert "'endpointName' failed to satisfy constraint" in refusal.message


@case("2.3", Ground.CONFIRMED)
def a_configuration_has_at_most_ten_variants(scene: Scene) -> None:
    """A configuration with eleven production variants is refused."""
    refusal = refusal_of(
        scene.sagemaker.create_endpoint_config,
        EndpointConfigName=scene.name("eleven"),
        ProductionVariants=[scene.variant(f"v{number}") for number in range(11)],
    )
    assert refusal.code == "ValidationException"


@case("9", Ground.RECALLED)
def tags_of_aws_are_refused(scene: Scene) -> None:
    """Clients may not set tags whose keys begin with "aws:"."""
    arn = scene.sagemaker.describe_model(ModelName=scene.model())["ModelArn"]
    refusal = refusal_of(
        scene.sagemaker.add_tags, ResourceArn=arn, Tags=[{"Key": "aws:owner", "Value": "me"}]
    )
    assert refusal.code == "ValidationException"


@case("2.1", Ground.CONFIRMED)
def a_resource_has_at_most_fifty_tags(scene: Scene) -> None:
    """The fifty-first tag is refused."""
    arn = scene.sagemaker.describe_model(ModelName=scene.model("tagged"))["ModelArn"]
    tags = [{"Key": f"k{number}", "Value": ""} for number in range(50)]
    refusal_of(scene.sagemaker.add_tags, ResourceArn=arn, Tags=tags)


@case("2.3", Ground.CONFIRMED)
def tags_are_listed_apart(scene: Scene) -> None:
    """DescribeEndpointConfig tells no tags; ListTags does."""
    seen = scene.sagemaker.describe_endpoint_config(EndpointConfigName=scene.two_variants())
    assert "Tags" not in seen
    listed = scene.sagemaker.list_tags(ResourceArn=seen["EndpointConfigArn"])["Tags"]
    assert scene.tags[0] in listed
