"""Scenarios: plays that produce evidence. Read, cast, played, correlated; never judged here."""
