"""The embedded run: the deployed handlers, the twin and one virtual clock in one process."""
