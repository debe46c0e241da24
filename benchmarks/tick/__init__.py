"""What a minute tick takes with few and with many open rollouts, and what each pass takes that it starts."""
