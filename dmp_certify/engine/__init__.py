"""Runs plays, judges evidence, rules."""
