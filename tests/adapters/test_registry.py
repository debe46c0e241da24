"""The model registry through its adapter: one version, and every approved version of a group, page by page."""

from __future__ import annotations

import pytest

from pointsman.adapters.aws.registry import ModelRegistry
from pointsman.errors import Denied, NotFound, PointsmanError, Transient
from pointsman.policy import ModelGroup
from tests.worlds.account import GROUP, Account
from tests.worlds.kernel_client import KernelClient


def registry_of(account: Account) -> ModelRegistry:
    return ModelRegistry(KernelClient(account.kernel, "sagemaker"))  # type: ignore[arg-type]


@pytest.fixture
def account() -> Account:
    return Account(7, versions=3)


def test_a_version_is_described_as_it_is_now(account: Account) -> None:
    registry = registry_of(account)
    assert not registry.describe(account.packages[2]).is_approved
    account.approve(2)
    described = registry.describe(account.packages[2])
    assert (described.group, described.approval.version, described.is_approved) == (GROUP, 2, True)
    assert described.approval.at == account.kernel.now


def test_only_approved_versions_are_listed_with_their_packages(account: Account) -> None:
    account.approve(3)
    account.reject(2)
    assert registry_of(account).find_approved(ModelGroup(GROUP)) == {
        1: account.packages[1],
        3: account.packages[3],
    }


@pytest.mark.parametrize("count", [100, 101, 250])
def test_a_large_group_is_listed_to_its_end(count: int) -> None:
    account = Account(7, versions=count)
    for version in range(2, count + 1):
        account.approve(version)
    account.kernel.calls.clear()
    approved = registry_of(account).find_approved(ModelGroup(GROUP))
    assert approved == account.packages
    assert len(account.kernel.calls) == -(-count // 100)


def test_a_group_without_an_approved_version_has_none(account: Account) -> None:
    account.reject(1)
    assert registry_of(account).find_approved(ModelGroup(GROUP)) == {}


def test_what_does_not_exist_is_not_found(account: Account) -> None:
    registry = registry_of(account)
    with pytest.raises(NotFound, match="ListModelPackages nobody"):
        registry.find_approved(ModelGroup("nobody"))
    with pytest.raises(NotFound, match="DescribeModelPackage"):
        registry.describe(account.packages[1].replace("/1", "/99"))


@pytest.mark.parametrize(
    ("code", "error"), [("AccessDeniedException", Denied), ("ThrottlingException", Transient)]
)
def test_what_cannot_be_read_says_why(account: Account, code: str, error: type[PointsmanError]) -> None:
    account.kernel.faults.fail("sagemaker", "ListModelPackages", code, "no")
    with pytest.raises(error, match="ListModelPackages fraud-detector"):
        registry_of(account).find_approved(ModelGroup(GROUP))
