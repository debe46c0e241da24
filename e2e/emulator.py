"""ministack as an account in one Region: everything but SageMaker, its metrics, alarms and autoscaling. IAM is enforced."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import trustme

from e2e.errors import NotProved
from e2e.processes import HOST, free_port, listening

if TYPE_CHECKING:
    from botocore.config import Config

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-ministack" / "bin" / "python"
LAUNCHER = Path(__file__).with_name("launcher.py")
ACCOUNT, REGION = "111122223333", "us-east-1"
SECRET = "of-no-worth"  # noqa: S105 - ministack compares it with what it was started with, on this machine
OF_THE_TWIN = (
    "SAGEMAKER",
    "SAGEMAKER_RUNTIME",
    "CLOUDWATCH",
    "APPLICATION_AUTO_SCALING",
    "SERVICE_QUOTAS",
)
"""Services that the functions reach at the twin, as botocore calls them in its variables."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running ministack and where it can be reached."""

    url: str
    twin_url: str
    folder: Path

    @property
    def authority(self) -> Path:
        """The certificate that its own is signed by: queues and topics refuse what does not come by TLS."""
        return self.folder / "authority.pem"

    def client(self, service: str, config: Config | None = None) -> Any:  # noqa: ANN401 - boto3's clients have no common type
        """A boto3 client of the account's root user."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.url,
            verify=str(self.authority),
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=SECRET,
            config=config,
        )

    def environment(self) -> dict[str, str]:
        """Variables with which any AWS client finds both servers."""
        twin = {f"AWS_ENDPOINT_URL_{service}": self.twin_url for service in OF_THE_TWIN}
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_CA_BUNDLE": str(self.authority),
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            **twin,
        }


@contextmanager
def emulated(folder: Path, twin_url: str = "") -> Iterator[Emulator]:
    """Run ministack until it is left. `folder` takes its log and whatever it unpacks; it is made.

    Raises:
        NotProved: it is not installed, or does not start.

    """
    if not PYTHON.exists():
        raise NotProved("ministack is not installed: run this with make, which does that")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    here = Emulator(f"https://{HOST}:{port}", twin_url, folder.resolve())
    with listening([str(PYTHON), str(LAUNCHER)], _environment(here, port), port, folder / "ministack.log"):
        yield here


def _environment(here: Emulator, port: int) -> dict[str, str]:
    """Nothing of the caller's environment but where programs are: functions see all of it."""
    scratch = here.folder / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(here.authority))
    certificate = authority.issue_cert(HOST)
    certificate.private_key_and_cert_chain_pem.write_to_path(str(here.folder / "server.pem"))
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "USE_SSL": "true",
        "MINISTACK_SSL_CERT": str(here.folder / "server.pem"),
        "MINISTACK_SSL_KEY": str(here.folder / "server.pem"),
        "AUTH": "true",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "LAMBDA_EXECUTOR": "local",
        **here.environment(),
    }
