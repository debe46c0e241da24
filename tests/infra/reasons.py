"""What the record of the tests does not show, each with the reason why it is granted, or refused, all the same."""

from __future__ import annotations

from tests.permissions.actions import Use, arn

IN_THE_MIDST = (
    "needed where the tables stop answering between two calls of one pass: the function reads them before that pass, so "
    "a test that takes them away sees it stop there"
)
DEFAULTS = (
    "asked only for a quota that ListServiceQuotas leaves out, which the simulation never does; "
    "tests/adapters/test_quotas.py does it without a function"
)
REJECTED_MEANWHILE = "needed where a version is rejected between the list of approved ones and the look at it, while it carries traffic"

UNSEEN: dict[tuple[str, str, str], str] = {
    ("model_package_changed", "ToAnyConfig", "sagemaker:ListTags"): IN_THE_MIDST,
    ("registry_sweep", "ToAnyConfig", "sagemaker:ListTags"): IN_THE_MIDST,
    ("registry_sweep", "KeepJournal", "sqs:SendMessage"): IN_THE_MIDST,
    ("registry_sweep", "KeepJournal", arn("sqs", "pointsman-journal")): IN_THE_MIDST,
    ("registry_sweep", "SeeAndShift", "sagemaker:UpdateEndpointWeightsAndCapacities"): REJECTED_MEANWHILE,
    ("alarm_changed", "ReadQuotas", "servicequotas:ListAWSDefaultServiceQuotas"): DEFAULTS,
    ("endpoint_changed", "ReadQuotas", "servicequotas:ListAWSDefaultServiceQuotas"): DEFAULTS,
    ("rollout_due", "ReadQuotas", "servicequotas:ListAWSDefaultServiceQuotas"): DEFAULTS,
}
"""Function, statement, and action or resource: granted, and no test needs it."""

MADE_UP: dict[tuple[str, Use], str] = {
    (
        "model_package_changed",
        Use("sagemaker:DescribeModelPackage", arn("sagemaker", "model-package/other/7")),
    ): "a test makes up an event that names one group and a version of another; in an account the look is denied",
}
"""Function and use: needed by a test, and not granted."""
