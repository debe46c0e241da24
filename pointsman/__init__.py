"""The product: everything that the Lambda functions import. No command line, no simulator, no infrastructure code."""

__version__ = "0.1.0"
