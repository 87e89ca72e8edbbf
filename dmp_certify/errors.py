"""Errors of the suite itself. Each message says what, where and what next."""

from __future__ import annotations


class CertifyError(Exception):
    """The root of every error that the suite raises on purpose."""


class ConfigurationError(CertifyError):
    """The user's files or options are wrong (exit code 2)."""


class SuiteError(CertifyError):
    """The suite itself is at fault: the run is void (exit code 4)."""


class EvidenceError(CertifyError):
    """Evidence is missing, truncated or does not hold together."""


class VerificationError(CertifyError):
    """A bundle does not verify (exit code 5)."""


class PackError(CertifyError):
    """A content pack cannot be read or compiled."""
