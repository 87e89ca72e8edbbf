"""Conformance checks for software that creates, feeds and reads the French DMP."""

__version__ = "0.1.0"
