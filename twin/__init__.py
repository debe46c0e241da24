"""The simulated SageMaker, CloudWatch and Application Auto Scaling. It imports nothing of the product around it."""
