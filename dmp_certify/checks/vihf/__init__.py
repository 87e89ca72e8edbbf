"""Faults of the VIHF, the assertion of each call."""
