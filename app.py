"""The CDK app, as cdk.json starts it. What it is made of is in `infra/`."""

from __future__ import annotations

from infra.synth import main

if __name__ == "__main__":
    main()
