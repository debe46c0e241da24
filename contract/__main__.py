"""The command behind `make contract-aws`: reads options, opens the account, and hands over to the desk."""

from __future__ import annotations

import os
import secrets
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NoReturn

from botocore.exceptions import BotoCoreError, ClientError
from cyclopts import App, CycloptsError, Parameter

import contract.cases  # noqa: F401 - importing it knows the cases
from contract.aws import opened
from contract.case import Case, every_case
from contract.cloud import Settings
from contract.desk import ACCOUNT, NOT_NAMED, Account, Desk, Exit, Plan, clean, perform
from contract.page import PROVED, noted
from pointsman.prices import find_price

app = App(name="make contract-aws", version_flags=())
Flag = Parameter(negative=())


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What endpoints are made of."""

    role: Annotated[str, Parameter(help="ARN of the execution role of models.")] = ""
    image: Annotated[str, Parameter(help="Container image that answers the body.")] = ""
    model_data: Annotated[
        str | None, Parameter(help="S3 address of model.tar.gz, if the image needs one.")
    ] = None
    instance_type: Annotated[str, Parameter(help="What runs, and costs.")] = "ml.m5.large"
    other_instance_type: Annotated[str, Parameter(help="Named in a request to be refused.")] = "ml.c5.large"
    body: Annotated[Path | None, Parameter(help="File with the body of a request; `1,2` without one.")] = None
    content_type: Annotated[str, Parameter(help="Content type of the body.")] = "text/csv"

    def settings(self) -> Settings:
        """The same as cases know it. Raises OSError if the file with the body cannot be read."""
        return Settings(
            role=self.role,
            image=self.image,
            model_data=self.model_data,
            instance_type=self.instance_type,
            other_instance_type=self.other_instance_type,
            body=b"1,2" if self.body is None else self.body.read_bytes(),
            content_type=self.content_type,
        )


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Which cases, where, and at which price."""

    only: Annotated[
        list[str] | None,
        Parameter(negative=(), help="A chapter or a case to run, as often as needed; all without it."),
    ] = None
    usd_per_hour: Annotated[float | None, Parameter(help="Price of the type, if it is not known.")] = None
    profile: Annotated[str | None, Parameter(help="AWS profile; as for the AWS CLI.")] = None
    region: Annotated[str | None, Parameter(help="AWS Region; as for the AWS CLI.")] = None
    record: Annotated[bool, Flag, Parameter(help="Note in contract/proved.json what held.")] = False
    yes: Annotated[bool, Flag, Parameter(help="Do not ask.")] = False
    clean: Annotated[bool, Flag, Parameter(help="Only delete what earlier runs left.")] = False

    def cases(self) -> list[Case]:
        """The cases that were chosen, all if none was; ValueError for a name that no chapter and no case has."""
        known = every_case()
        names = {name for case in known for name in (case.name, case.chapter)}
        unknown = sorted(set(self.only or ()) - names)
        if unknown:
            chapters = ", ".join(sorted({case.chapter for case in known}))
            raise ValueError(
                f"no chapter and no case is named {', '.join(unknown)}; the chapters are {chapters}"
            )
        return [case for case in known if not self.only or {case.name, case.chapter} & set(self.only)]


@app.default
def contract_aws(*, serving: Serving = Serving(), running: Running = Running()) -> int:
    """Run the cases of the contract in a real AWS account: makes endpoints, which cost money, and deletes them.

    Needs credentials of the account that POINTSMAN_CONTRACT_ACCOUNT names, an execution role and an image.

    Example: POINTSMAN_CONTRACT_ACCOUNT=111122223333 make contract-aws
    ARGS="--role arn:aws:iam::111122223333:role/serving --image 111122223333.dkr.ecr.us-east-1.amazonaws.com/model:1
    --model-data s3://bucket/model.tar.gz --region us-east-1"
    """
    if not os.environ.get(ACCOUNT):
        return _refuse(NOT_NAMED)
    if not running.clean and not (serving.role and serving.image):
        return _refuse("name an execution role and an image, --role and --image, or --clean")
    try:
        cases, account = running.cases(), opened(running.profile, running.region, serving.settings())
    except ValueError as err:
        return _refuse(str(err))
    except OSError as err:
        return _refuse(f"the file with the body cannot be read: {err}")
    except (BotoCoreError, ClientError) as err:
        return _refuse(f"AWS could not be asked whose account this is: {err}")
    desk = Desk(os.environ, _asked, lambda line: print(line, flush=True))
    signal.signal(signal.SIGTERM, _interrupt)
    if running.clean:
        return clean(account, desk)
    price, priced = _price(account, running.usd_per_hour)
    if price is None:
        kind = serving.instance_type
        return _refuse(f"the price of {kind} in {account.region} is not known; name it: --usd-per-hour")
    plan = Plan(cases, price, priced, secrets.token_hex(2), running.yes)
    return _performed(account, desk, plan, is_recorded=running.record)


def _performed(account: Account, desk: Desk, plan: Plan, *, is_recorded: bool) -> int:
    code, verdicts = perform(account, desk, plan)
    if is_recorded and verdicts:
        PROVED.write_text(noted(verdicts, account.cloud.now.date(), account.region), encoding="utf-8")
        print(f"noted in {PROVED.name}; `make contract-page` writes it into docs/contract.md")
    return code


def _price(account: Account, given: float | None) -> tuple[float | None, str]:
    if given is not None:
        return given, "as you named it"
    listed = find_price(account.region, account.cloud.settings.instance_type)
    return (None, "") if listed is None else (listed.usd_per_hour, f"list price of {listed.as_of}")


def _asked(question: str) -> str:
    try:
        return input(question)
    except EOFError:
        print("nobody is there to ask; --yes agrees beforehand")
        return ""


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _refuse(why: str) -> int:
    print(f"contract-aws: {why}", file=sys.stderr)
    return Exit.REFUSED


def main() -> NoReturn:
    """Run the command; what cannot be understood is refused, as everything that is not begun."""
    try:
        code = app(exit_on_error=False, result_action="return_value")
    except CycloptsError:
        code = Exit.REFUSED
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
