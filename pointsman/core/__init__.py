"""The pure core: it decides and computes. No I/O, no clock, no randomness, no log lines, no AWS."""
