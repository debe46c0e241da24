"""cdk-nag's rules over the template, and every finding that is accepted, with the reason. Nothing else is let through."""

from __future__ import annotations

import aws_cdk
import cdk_nag


def watch(app: aws_cdk.App) -> None:
    """Let synth fail on whatever a rule finds and nobody has answered for."""
    aws_cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(app, verbose=True), cdk_nag.ServerlessChecks(app, verbose=True)
    )


def acknowledge(stack: aws_cdk.Stack) -> None:
    """Answer for findings."""
