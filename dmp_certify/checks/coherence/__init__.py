"""Metadata held against the CDA, and the body of a call against its VIHF."""
