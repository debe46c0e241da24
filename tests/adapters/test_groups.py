"""How a group is named to SageMaker, and what a refused list says."""

from __future__ import annotations

import botocore.session
import pytest
from botocore.exceptions import ClientError

from pointsman.adapters.aws.groups import id_of, listing
from pointsman.errors import Denied
from pointsman.policy import ModelGroup

OURS, THEIRS = ModelGroup("Fraud-Detector"), ModelGroup("Fraud-Detector", "044455556666")
REFUSED = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "ListModelPackages")


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_one_of_another_account_by_its_arn_in_lower_case_and_in_the_clients_region(
    region: str, partition: str
) -> None:
    session = botocore.session.Session()
    session.set_credentials("made-up", "made-up")
    client = session.create_client("sagemaker", region)
    assert id_of(OURS, client) == "Fraud-Detector"
    assert id_of(THEIRS, client) == (
        f"arn:{partition}:sagemaker:{region}:044455556666:model-package-group/fraud-detector"
    )


def test_a_refusal_from_elsewhere_says_whose_policy_is_to_be_mended() -> None:
    with (
        pytest.raises(Denied, match=r"044455556666/Fraud-Detector.*in account 044455556666 must let"),
        listing(THEIRS),
    ):
        raise REFUSED
    with pytest.raises(Denied) as ours, listing(OURS):
        raise REFUSED
    assert "must let" not in str(ours.value)
