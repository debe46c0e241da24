"""Functions to compare with. Each is copied into a folder of its own and started there; none imports another."""
