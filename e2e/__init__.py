"""End to end: the synthesised template and the real zip on ministack, against the simulated SageMaker, in real time."""
