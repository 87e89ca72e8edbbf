"""Tells the verdict: the report, its pictures, its signature and its verification."""
