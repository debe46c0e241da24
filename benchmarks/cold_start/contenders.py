"""What is measured: the functions as they are deployed, usual functions beside them, and the least that a call can take."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from uv import find_uv_bin

import bundle
from benchmarks.cold_start.heard import Servers
from benchmarks.cold_start.process import Function
from benchmarks.cold_start.scene import BACK, Scene

ROOT = Path(__file__).resolve().parents[2]
HANDLERS = Path(__file__).with_name("handlers")
RUNTIME = ("awslambdaric", "simplejson", "snapshot-restore-py")
FIRST = "DescribeEndpoint"


@dataclass(frozen=True, slots=True)
class Contender:
    """A function, and the call up to which it is measured. `name` is short, `about` says what it is."""

    name: str
    about: str
    function: Function
    awaited: str = BACK


@dataclass(frozen=True, slots=True)
class Field:
    """All contenders, and the certificates that all of them trust."""

    contenders: tuple[Contender, ...]
    authorities: Path
    policies_file: Path

    def environment(self, scene: Scene, servers: Servers) -> Mapping[str, str]:
        """What Lambda sets for all of them."""
        return {
            **scene.environment,
            "POINTSMAN_POLICIES_FILE": str(self.policies_file),
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_RUNTIME_API": servers.runtime_api,
            "AWS_LAMBDA_FUNCTION_NAME": "pointsman-alarm-changed",
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_ENDPOINT_URL": servers.aws_url,
            "AWS_CA_BUNDLE": str(self.authorities),
        }


def prepare(policies: Path, folder: Path) -> Field:
    """Stage everything anew in a folder. Raises what `bundle.stage` raises."""
    shutil.rmtree(folder, ignore_errors=True)
    ours = bundle.stage(policies, folder / "ours").folder
    runtime, usual, floor = folder / "runtime", folder / "usual", folder / "floor"
    _copy_installed(RUNTIME, runtime)
    _install(ROOT / "requirements" / "typical.txt", usual)
    floor.mkdir()
    for name, into in (("typical", usual), ("plain", usual), ("floor", floor)):
        shutil.copyfile(HANDLERS / f"{name}.py", into / f"{name}.py")
    authorities = folder / "authorities.pem"
    shutil.copyfile(ours / "botocore" / "cacert.pem", authorities)
    alarm = Function(ours, "functions.alarm_changed.handler", runtime)
    contenders = (
        Contender(
            "first call",
            "an alarm's function up to its first call of SageMaker, behind one of DynamoDB",
            alarm,
            FIRST,
        ),
        Contender("way back", "the same up to the call that takes traffic back, its sixth", alarm),
        Contender(
            "typical",
            "a usual function up to its call of SageMaker, behind one of DynamoDB: all Powertools utilities, stock boto3",
            Function(usual, "typical.handler", runtime),
        ),
        Contender(
            "plain",
            "the same, lean: of the utilities log, metrics, traces and idempotency, stock boto3",
            Function(usual, "plain.handler", runtime),
        ),
        Contender("floor", "one request, signed by hand", Function(floor, "floor.handler", runtime)),
    )
    return Field(contenders, authorities, ours / "policies.json")


def _copy_installed(names: tuple[str, ...], into: Path) -> None:
    """Files of installed packages, with bytecode, as the runtime on Lambda has it."""
    for file in (file for name in names for file in metadata.files(name) or ()):
        if ".." not in file.parts and file.suffix != ".pyc":
            (into / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), into / file)
    compileall.compile_dir(into, quiet=1)


def _install(requirements: Path, into: Path) -> None:
    command = [find_uv_bin(), "pip", "install", "--quiet", "--target", str(into), "--require-hashes"]
    command += ["--no-compile", "--link-mode", "copy", "--requirement", str(requirements)]
    subprocess.run(command, check=True)  # noqa: S603 - our own arguments
