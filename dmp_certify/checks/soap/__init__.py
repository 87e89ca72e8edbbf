"""Faults of the SOAP envelope and its addressing."""
