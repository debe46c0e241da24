"""Measurements, run by hand. Nothing that ships imports them, and no test waits for a figure."""
