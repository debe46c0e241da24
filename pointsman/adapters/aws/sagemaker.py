"""SageMaker endpoints behind the serving port: look, prepare, shift, finalize, remove, discard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pointsman.adapters.aws.faults import AlreadyExists, mapped
from pointsman.adapters.aws.names import ROLLOUT, Tags, origin_from, tags_from, tags_of
from pointsman.adapters.aws.requests import canary_config, final_config, model_request
from pointsman.adapters.aws.shapes import endpoint_of, model_obstacles, package_of
from pointsman.core.observed import Endpoint, Status
from pointsman.core.rollout import ALL_BPS, Origin, Rollout
from pointsman.errors import Misconfigured, NotFound
from pointsman.policy import EndpointName

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

Json = dict[str, Any]


class SageMaker:
    """Implements `ports.Serving`. `reads` retries by itself; `writes` never sends a changing call twice."""

    def __init__(self, reads: SageMakerClient, writes: SageMakerClient) -> None:
        """Take the two clients."""
        self._reads: Any = reads
        self._writes: Any = writes

    def observe(self, endpoint: EndpointName, *, with_packages: bool = False) -> Endpoint:
        """DescribeEndpoint and DescribeEndpointConfig; with packages also one DescribeModel a variant."""
        try:
            with mapped(f"DescribeEndpoint {endpoint}"):
                live: Json = self._reads.describe_endpoint(EndpointName=endpoint)
        except NotFound:
            return Endpoint(Status.GONE)
        config = self._find_config(live["EndpointConfigName"])
        models = self._models(config) if with_packages and config is not None else {}
        seen = endpoint_of(live, config, {name: package_of(model) for name, model in models.items()})
        of_models = [why for name, model in models.items() for why in model_obstacles(name, model)]
        return replace(seen, obstacles=(*seen.obstacles, *of_models))

    def prepare(self, rollout: Rollout) -> None:
        """Model, config with both variants, one UpdateEndpoint. What exists already was made by an earlier attempt."""
        baseline = rollout.baseline
        if baseline is None:
            raise Misconfigured(f"rollout {rollout.id} has no baseline")
        with _named_where_deleted(f"the baseline's config {baseline.config}"):
            config = self._config(baseline.config)
            tags = tags_of(rollout, self._tags(config["EndpointConfigArn"]))
        with _named_where_deleted(f"the baseline's model {baseline.model}"):
            model = self._model(baseline.model)
        with suppress(AlreadyExists), mapped(f"CreateModel {rollout.model_name}"):
            self._writes.create_model(**model_request(rollout, model, tags))
        self._create_config(canary_config(rollout, config, tags))
        with mapped(f"UpdateEndpoint {rollout.endpoint}"):
            self._writes.update_endpoint(
                EndpointName=rollout.endpoint,
                EndpointConfigName=rollout.canary_config,
                RetainAllVariantProperties=True,
            )

    def set_share(self, rollout: Rollout, share_bps: int) -> None:
        """One UpdateEndpointWeightsAndCapacities with both weights; capacities are left alone."""
        if rollout.baseline is None:
            raise Misconfigured(f"rollout {rollout.id} has no baseline")
        weights = {rollout.candidate_variant: share_bps, rollout.baseline.variant: ALL_BPS - share_bps}
        with mapped(f"UpdateEndpointWeightsAndCapacities {rollout.endpoint}"):
            self._writes.update_endpoint_weights_and_capacities(
                EndpointName=rollout.endpoint,
                DesiredWeightsAndCapacities=[
                    {"VariantName": name, "DesiredWeight": float(weight)} for name, weight in weights.items()
                ],
            )

    def finalize(self, rollout: Rollout) -> None:
        """A config with the baseline's variant name and the new model, at the live count, and one UpdateEndpoint.

        Nothing is retained: the baseline's weight of 0 would be (docs/decisions/0003).
        """
        with _named_where_deleted(f"the canary's config {rollout.canary_config}"):
            config = self._config(rollout.canary_config)
            tags = tags_of(rollout, self._tags(config["EndpointConfigArn"]))
        with _named_where_deleted(f"the candidate's model {rollout.model_name}"):
            self._create_config(final_config(rollout, config, tags))
        with mapped(f"UpdateEndpoint {rollout.endpoint}"):
            self._writes.update_endpoint(
                EndpointName=rollout.endpoint,
                EndpointConfigName=rollout.final_config,
            )

    def remove(self, rollout: Rollout) -> None:
        """One UpdateEndpoint to the baseline's own config, at the live count, with the config's weight."""
        if rollout.baseline is None:
            raise Misconfigured(f"rollout {rollout.id} has no baseline")
        name = rollout.baseline.config
        with (
            _named_where_deleted(f"the baseline's config {name}"),
            mapped(f"UpdateEndpoint {rollout.endpoint}"),
        ):
            self._writes.update_endpoint(
                EndpointName=rollout.endpoint,
                EndpointConfigName=name,
                RetainAllVariantProperties=True,
                ExcludeRetainedVariantProperties=[{"VariantPropertyType": "DesiredWeight"}],
            )

    def find_lost(self, rollout: Rollout) -> tuple[str, ...]:
        """DescribeEndpointConfig of the baseline's config, and DescribeModel of each of its models."""
        if rollout.baseline is None:
            raise Misconfigured(f"rollout {rollout.id} has no baseline")
        config = self._find_config(rollout.baseline.config)
        if config is None:
            return (f"config {rollout.baseline.config} was deleted",)
        models = {str(each["ModelName"]) for each in config["ProductionVariants"] if each.get("ModelName")}
        kept = self._models(config)
        return tuple(f"model {name} was deleted" for name in sorted(models - set(kept)))

    def find_leftovers(self, rollout: Rollout, live: Endpoint) -> tuple[str, ...]:
        """Configs and the model of this rollout that exist, carry its tag, and do not serve."""
        return tuple(name for name, _kind in self._leftovers(rollout, live))

    def discard(self, rollout: Rollout, live: Endpoint) -> None:
        """Delete the leftovers. Configs and models that serve are never among them."""
        for name, kind in self._leftovers(rollout, live):
            with suppress(NotFound), mapped(f"Delete {kind} {name}"):
                if kind == "config":
                    self._writes.delete_endpoint_config(EndpointConfigName=name)
                else:
                    self._writes.delete_model(ModelName=name)

    def find_origin(self, live: Endpoint) -> Origin | None:
        """Read the tags of the live config."""
        config = self._find_config(live.config) if live.config else None
        if config is None:
            return None
        return origin_from(self._tags(config["EndpointConfigArn"]), config["CreationTime"])

    def _leftovers(self, rollout: Rollout, live: Endpoint) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for name in (rollout.canary_config, rollout.final_config):
            config = self._find_config(name) if name != live.config else None
            if config is not None and self._is_ours(rollout, config["EndpointConfigArn"]):
                found.append((name, "config"))
        # A model that is not known (its config was deleted) may be this one.
        if all(variant.model not in {"", rollout.model_name} for variant in live.variants):
            arn = self._find_model_arn(rollout.model_name)
            if arn and self._is_ours(rollout, arn):
                found.append((rollout.model_name, "model"))
        return found

    def _is_ours(self, rollout: Rollout, arn: str) -> bool:
        return self._tags(arn).get(ROLLOUT) == rollout.id

    def _create_config(self, request: Json) -> None:
        with suppress(AlreadyExists), mapped(f"CreateEndpointConfig {request['EndpointConfigName']}"):
            self._writes.create_endpoint_config(**request)

    def _config(self, name: str) -> Json:
        with mapped(f"DescribeEndpointConfig {name}"):
            answer: Json = self._reads.describe_endpoint_config(EndpointConfigName=name)
        return answer

    def _find_config(self, name: str) -> Json | None:
        try:
            return self._config(name)
        except NotFound:
            return None

    def _model(self, name: str) -> Json:
        with mapped(f"DescribeModel {name}"):
            answer: Json = self._reads.describe_model(ModelName=name)
        return answer

    def _find_model_arn(self, name: str) -> str:
        try:
            return str(self._model(name)["ModelArn"])
        except NotFound:
            return ""

    def _models(self, config: Json) -> dict[str, Json]:
        """DescribeModel of every model of a config that still exists."""
        found: dict[str, Json] = {}
        for name in sorted(
            {str(each["ModelName"]) for each in config["ProductionVariants"] if each.get("ModelName")}
        ):
            with suppress(NotFound):
                found[name] = self._model(name)
        return found

    def _tags(self, arn: str) -> Tags:
        """Every page: the 50 tags of a user may stand beside many that AWS set, and ours may come last."""
        found: Tags = {}
        token: dict[str, str] = {}
        while True:
            with mapped(f"ListTags {arn}"):
                answer = self._reads.list_tags(ResourceArn=arn, **token)
            found |= tags_from(answer["Tags"])
            if not answer.get("NextToken"):
                return found
            token = {"NextToken": answer["NextToken"]}


@contextmanager
def _named_where_deleted(what: str) -> Iterator[None]:
    """What served for long and is not found was deleted by somebody: repeating cannot help, a person can."""
    try:
        yield
    except NotFound as err:
        raise Misconfigured(f"{what} was deleted; create it again under this name") from err
