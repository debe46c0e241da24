"""Synthesises: builds what ships, reads the context, and makes one stack for each Region. `app.py` starts it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import aws_cdk

from bundle.errors import NotBuilt
from bundle.staging import stage
from cli.policy_file import NoPolicies, PolicyErrors
from infra import checks
from infra.context import Context, context_of
from infra.errors import NotDeployable
from infra.facts import facts_in
from infra.stack import PointsmanStack, Shipped

OUT = Path(".pointsman/build")


def main() -> None:
    """Synthesise. What keeps it from being done is said in words, without a traceback."""
    app = _app()
    try:
        context = context_of(app.node.get_all_context())
        staged = stage(Path(context.policies), OUT)
        add_stacks(app, context, Shipped(staged.zip, staged.sha256, facts_in(staged.zip)))
    except (NotDeployable, NotBuilt, NoPolicies, PolicyErrors) as why:
        sys.exit(f"not synthesised: {why}")
    sys.stdout.write(f"synthesised into {app.synth().directory}, with a zip of {staged.bytes:,} bytes\n")


def _app() -> aws_cdk.App:
    """As the CDK's command starts it; without that command, the same from cdk.json."""
    if "CDK_OUTDIR" in os.environ:
        return aws_cdk.App()
    settings: dict[str, Any] = json.loads(Path("cdk.json").read_text(encoding="utf-8"))
    return aws_cdk.App(outdir=settings["output"], context=settings["context"])


def add_stacks(app: aws_cdk.App, context: Context, shipped: Shipped) -> list[PointsmanStack]:
    """One for each Region, watched by the rules that nothing may break."""
    checks.watch(app)
    return [PointsmanStack(app, context, shipped, each) for each in environments(context)]


def environments(context: Context) -> list[aws_cdk.Environment | None]:
    """One for each Region; one that the CDK command fills in where none is named."""
    account = context.account or None
    if not context.regions:
        return [aws_cdk.Environment(account=account) if account else None]
    return [aws_cdk.Environment(account=account, region=region) for region in context.regions]
