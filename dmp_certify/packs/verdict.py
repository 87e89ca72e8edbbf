"""What judging one document by a pack gives."""

from __future__ import annotations

from typing import NamedTuple

from dmp_certify.finding import Text


class Assertion(NamedTuple):
    """One assert that does not hold (or one report that fires), at one element.

    `schematron` is the family (IHE, TERMINO, MODCDA, STRUCTMIN, MODANS, VOLET, or the file name);
    `role` is empty, `error`, `warning` or `info`; `value_set` names the files of the pack that
    the rule looks into; `test_id` numbers the check within the pack, stable for one digest.
    """

    schematron: str
    pattern: str
    context: str
    role: str
    location: str
    line: int | None
    message: str
    value_set: str | None
    test_id: str
    report: bool = False

    @property
    def grave(self) -> bool:
        """Whether the rule calls it an error; the official verdict fails on the others too."""
        return self.role in ("", "error", "fatal")


class XsdError(NamedTuple):
    line: int | None
    path: str
    message: str


class Abort(NamedTuple):
    """A dynamic error of XPath: the official Schematron stops there and gives no report."""

    schematron: str
    reason: Text
    location: str
    line: int | None


class NotDemonstrated(NamedTuple):
    """What the pack could not check in this document, and why."""

    schematron: str
    what: Text


class DocumentVerdict(NamedTuple):
    """The verdict of one pack on one document. `conforming` is false on any XSD error, any
    failed assertion whatever its role (as the official validator counts), any abort."""

    pack: str
    volet: str | None
    volet_reason: Text
    xsd_errors: tuple[XsdError, ...]
    failed: tuple[Assertion, ...]
    aborted: tuple[Abort, ...]
    not_demonstrated: tuple[NotDemonstrated, ...]
    conforming: bool
