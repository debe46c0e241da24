"""The CDK app that deploys Pointsman into an account. Nothing that runs in Lambda imports it."""
