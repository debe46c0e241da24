"""What is listed once for the whole account and shared out to its endpoints: alarms, autoscaling, configs, inference components."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pointsman.adapters.aws.survey_calls import CLOUDWATCH, PER_PAGE, SAGEMAKER, SCALING, Calls
from pointsman.adapters.aws.survey_shapes import alarm_of, scaling_of
from pointsman.core.alarms import AlarmIndex
from pointsman.core.history import passed_over, stem
from pointsman.survey import Kind, Progress, Scaling, SeenConfig, Sight, Trait

OF_SAGEMAKER = {"ServiceNamespace": "sagemaker"}


@dataclass(slots=True)
class Around:
    """The lists of an account. `serving` counts, by stem, the configs that serve; None: only one endpoint is looked at."""

    alarms: AlarmIndex
    scaling: Mapping[tuple[str, str], list[Scaling]]
    configs: list[SeenConfig]
    denied: tuple[str, ...]
    serving: Counter[str] | None = None
    components: dict[str, list[str]] | None = None
    unlisted: list[str] = field(default_factory=list)

    def scaling_of(self, kind: str, name: str) -> tuple[Scaling, ...]:
        """Scalable targets of an endpoint's variants or of an inference component."""
        return tuple(self.scaling.get((kind, name), ()))

    def note_what_serves(self, sights: Iterable[Sight]) -> None:
        """Remember whose configs are alike, so that a name which many use tells nothing."""
        self.serving = Counter(stem(sight.config_name) for sight in sights)

    def joined(self, calls: Calls, sight: Sight) -> Sight:
        """The endpoint with what the lists know of it."""
        components = self._components(calls, sight.name) if sight.has(Kind.COMPONENTS) else ()
        scaled = [each for name in components for each in self.scaling_of("inference-component", name)]
        traits = [Trait(Kind.AUTOSCALED, each.resource, f"{each.least} and {each.most}") for each in scaled]
        return replace(
            sight,
            components=components,
            traits=(*sight.traits, *traits),
            scaling=(*sight.scaling, *scaled),
            alarms=self.alarms.of([sight.name, *components]),
            passed_over=self._passed_over(sight),
            unread=tuple(sorted({*sight.unread, *self.denied, *self.unlisted})),
        )

    def _components(self, calls: Calls, endpoint: str) -> tuple[str, ...]:
        if self.components is None:
            self.components = {}
            answer, [rows] = calls.listed(
                SAGEMAKER, "list_inference_components", "InferenceComponents", MaxResults=PER_PAGE
            )
            for row in rows:
                name = str(row["InferenceComponentName"])
                self.components.setdefault(str(row["EndpointName"]), []).append(name)
            self.unlisted += [answer.permission] if answer.is_denied else []
        return tuple(sorted(self.components.get(endpoint, ())))

    def _passed_over(self, sight: Sight) -> tuple[SeenConfig, ...]:
        if sight.config is None:
            return ()
        if self.serving is None:
            mine = [each for each in self.configs if each.name.lower().startswith(sight.name.lower())]
            return passed_over(sight.config, sight.changed, mine, ())
        shared = [name for name, count in self.serving.items() if count > 1]
        return passed_over(sight.config, sight.changed, self.configs, shared)


def around_of(calls: Calls, progress: Progress, **narrowed: Any) -> Around:  # noqa: ANN401 - what boto3 takes
    """Ask for every list. `narrowed` goes to ListEndpointConfigs."""
    progress("alarms", 0, 0)
    alarms, [metric, composite] = calls.listed(
        CLOUDWATCH,
        "describe_alarms",
        "MetricAlarms",
        "CompositeAlarms",
        AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        MaxRecords=PER_PAGE,
    )
    progress("autoscaling", 0, 0)
    targets, [registered] = calls.listed(
        SCALING, "describe_scalable_targets", "ScalableTargets", **OF_SAGEMAKER
    )
    policies, [attached] = calls.listed(
        SCALING, "describe_scaling_policies", "ScalingPolicies", **OF_SAGEMAKER
    )
    progress("configs", 0, 0)
    configs, [made] = calls.listed(
        SAGEMAKER, "list_endpoint_configs", "EndpointConfigs", MaxResults=PER_PAGE, **narrowed
    )
    asked = (alarms, targets, policies, configs)
    return Around(
        alarms=AlarmIndex(alarm_of(each) for each in [*metric, *composite]),
        scaling=scaling_of(registered, attached),
        configs=[SeenConfig(str(each["EndpointConfigName"]), each["CreationTime"]) for each in made],
        denied=tuple(answer.permission for answer in asked if answer.is_denied),
    )
