"""One file per AWS service. boto3 clients are used here and made in `wiring.py`, nowhere else."""
