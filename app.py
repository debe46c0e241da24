"""The CDK app: builds what ships, reads the context, and makes one stack for each Region."""

from __future__ import annotations

import sys
from pathlib import Path

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
    app = aws_cdk.App()
    try:
        context = context_of(app.node.get_all_context())
        staged = stage(Path(context.policies), OUT)
        shipped = Shipped(staged.zip, staged.sha256, facts_in(staged.zip))
        checks.watch(app)
        for environment in environments(context):
            PointsmanStack(app, context, shipped, environment)
        app.synth()
    except (NotDeployable, NotBuilt, NoPolicies, PolicyErrors) as why:
        sys.exit(f"not synthesised: {why}")


def environments(context: Context) -> list[aws_cdk.Environment | None]:
    """One for each Region; one that the CDK command fills in where none is named."""
    if not context.regions:
        return [aws_cdk.Environment(account=context.account)] if context.account else [None]
    return [aws_cdk.Environment(account=context.account or None, region=region) for region in context.regions]


if __name__ == "__main__":
    main()
