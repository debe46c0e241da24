"""The build step: what Lambda runs, staged as a folder and one zip. It deploys nothing, and nothing that is deployed imports it."""

from bundle.errors import NotBuilt
from bundle.staging import Staged, stage

__all__ = ["NotBuilt", "Staged", "stage"]
