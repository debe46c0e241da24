"""The product: everything that the Lambda functions import. No command line, no simulator, no infrastructure code."""
