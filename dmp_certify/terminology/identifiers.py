"""The HL7 V2 data types inside XDS attributes: CX, XCN, XON, CXi, coded strings and DTM.

Shapes: IHE ITI TF-3 table 4.2.3.1.7-2 and 4.2.3.1.4; the French profile of the components is that
of CI-SIS "Partage de documents de santé" and of the ANS mapping of CDA to XDS metadata.
Each parser raises Malformed with the exact reason; it accepts trailing empty components.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from dmp_certify.finding import Text
from dmp_certify.terminology import oids

_ESCAPES = {"\\F\\": "|", "\\S\\": "^", "\\T\\": "&", "\\R\\": "~", "\\E\\": "\\"}
_ESCAPE = re.compile(r"\\[FSTRE]\\")
_DTM = re.compile(r"[0-9]{4}(?:[0-9]{2}){0,5}")
_FORMATS = {4: "%Y", 6: "%Y%m", 8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


class Malformed(ValueError):
    """A value that is not of its data type; `reason` says why in both languages."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.reason = Text(fr, en)


@dataclass(frozen=True, slots=True)
class Cx:
    """An identifier with its assigning authority: CX.1, CX.4 and CX.5."""

    id: str
    authority: str
    type: str


@dataclass(frozen=True, slots=True)
class Xcn:
    """A person or a system: XCN.1, .2, .3, .9, .10 and .13. Absent components are empty."""

    id: str
    family: str
    given: str
    authority: str
    name_type: str
    id_type: str


@dataclass(frozen=True, slots=True)
class Xon:
    """An organisation: XON.1, .6, .7 and .10. Absent components are empty."""

    name: str
    authority: str
    id_type: str
    id: str


@dataclass(frozen=True, slots=True)
class Coded:
    """`code^display name^code system`, the shape of authorSpecialty."""

    code: str
    display_name: str
    code_system: str


def unescape(text: str) -> str:
    """A component without the escape sequences of HL7 V2."""
    return _ESCAPE.sub(lambda found: _ESCAPES[found.group()], text)


def components(value: str) -> list[str]:
    """The raw components of a field."""
    return value.split("^")


def _at(parts: list[str], number: int) -> str:
    return parts[number - 1] if number <= len(parts) else ""


def _authority(text: str, where: str) -> str:
    """The OID of an HD component `&OID&ISO`; empty when the component is empty."""
    if not text:
        return ""
    pieces = text.split("&")
    if len(pieces) != 3 or pieces[0] or pieces[2] != "ISO":
        raise Malformed(
            f"composant {where} : {text!r} au lieu de &OID&ISO",
            f"component {where}: {text!r} instead of &OID&ISO",
        )
    reason = oids.fault_of(pieces[1])
    if reason is not None:
        raise Malformed(f"composant {where} : {reason.fr}", f"component {where}: {reason.en}")
    return pieces[1]


def _nothing_in(parts: list[str], numbers: tuple[int, ...], kind: str) -> None:
    for number in numbers:
        if _at(parts, number):
            raise Malformed(
                f"composant {kind}-{number} inattendu : {_at(parts, number)!r}",
                f"unexpected component {kind}-{number}: {_at(parts, number)!r}",
            )


def parse_cx(value: str) -> Cx:
    """`id^^^&OID&ISO^type`; effective dates in CX.7 and CX.8 are accepted, as the DMP does."""
    parts = components(value)
    if not _at(parts, 1):
        raise Malformed("composant CX-1 (identifiant) vide", "component CX-1 (identifier) empty")
    _nothing_in(parts, (2, 3), "CX")
    if not _at(parts, 4):
        raise Malformed(
            "composant CX-4 (autorité d'affectation) absent",
            "component CX-4 (assigning authority) missing",
        )
    return Cx(unescape(parts[0]), _authority(parts[3], "CX-4"), _at(parts, 5))


def parse_xcn(value: str) -> Xcn:
    """`id^family^given^^^^^^&OID&ISO^D^^^IDNPS`; an id and its authority go together."""
    parts = components(value)
    if not _at(parts, 1) and not _at(parts, 2):
        raise Malformed(
            "ni identifiant (XCN-1) ni nom (XCN-2)", "neither identifier (XCN-1) nor name (XCN-2)"
        )
    authority = _authority(_at(parts, 9), "XCN-9")
    if _at(parts, 1) and not authority:
        raise Malformed(
            "composant XCN-9 (autorité d'affectation) absent",
            "component XCN-9 (assigning authority) missing",
        )
    number, family, given = (unescape(_at(parts, place)) for place in (1, 2, 3))
    return Xcn(number, family, given, authority, _at(parts, 10), _at(parts, 13))


def parse_xon(value: str) -> Xon:
    """`name^^^^^&OID&ISO^type^^^id`; an id in XON-10 needs its authority in XON-6."""
    parts = components(value)
    name, identifier = unescape(_at(parts, 1)), unescape(_at(parts, 10))
    if not name and not identifier:
        raise Malformed(
            "ni nom (XON-1) ni identifiant (XON-10)", "neither name (XON-1) nor identifier (XON-10)"
        )
    authority = _authority(_at(parts, 6), "XON-6")
    if identifier and not authority and not oids.is_oid(identifier):
        raise Malformed(
            "composant XON-6 (autorité d'affectation) absent",
            "component XON-6 (assigning authority) missing",
        )
    return Xon(name, authority, _at(parts, 7), identifier)


def parse_coded(value: str) -> Coded:
    """`code^display name^code system OID`."""
    parts = components(value)
    if len(parts) != 3 or not all(parts):
        raise Malformed(
            "trois composants non vides attendus : code^libellé^OID",
            "three non-empty components expected: code^display name^OID",
        )
    reason = oids.fault_of(parts[2])
    if reason is not None:
        raise Malformed(f"3e composant : {reason.fr}", f"3rd component: {reason.en}")
    return Coded(unescape(parts[0]), unescape(parts[1]), parts[2])


def parse_dtm(value: str) -> tuple[datetime, int]:
    """A moment in UTC and its precision in digits (4, 6, 8, 10, 12 or 14)."""
    if not _DTM.fullmatch(value):
        raise Malformed(
            "chiffres AAAAMMJJhhmmss attendus, sans décalage ni séparateur",
            "digits YYYYMMDDhhmmss expected, without offset or separator",
        )
    try:
        moment = datetime.strptime(value, _FORMATS[len(value)])
    except ValueError:
        raise Malformed("cette date n'existe pas", "no such date exists") from None
    return moment.replace(tzinfo=UTC), len(value)
