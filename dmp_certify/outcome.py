"""The closed words of a verdict (ISO/IEC 9646 and 17000)."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What one check says of one subject."""

    PASS = "PASS"
    FAIL = "FAIL"
    BLOCKED = "BLOCKED"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    CRASHED = "CRASHED"


class Obligation(StrEnum):
    """How strongly a requirement binds (RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Verdict(StrEnum):
    """What the run says of one requirement."""

    MET = "MET"
    NOT_MET = "NOT_MET"
    DEVIATION = "DEVIATION"
    NOTED = "NOTED"
    NOT_DEMONSTRATED = "NOT_DEMONSTRATED"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    ATTESTED = "ATTESTED"
    VOID = "VOID"


class Ruling(StrEnum):
    """What the run says of one profile."""

    CONFORMING = "CONFORMING"
    NON_CONFORMING = "NON_CONFORMING"
    INCOMPLETE = "INCOMPLETE"
    VOID = "VOID"


class Cause(StrEnum):
    """Why a requirement is not met or not demonstrated."""

    NONE = ""
    PRODUCT = "product"
    PRODUCT_CONFIGURATION = "product-configuration"
    ENVIRONMENT = "environment"
    SUITE = "suite"
    NOT_EXERCISED = "not-exercised"
    OPERATOR = "operator"


class DriverOutcome(StrEnum):
    """What the product says of an intent it was asked to carry out."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
