"""What is signed: an in-toto Statement v1 whose subjects are the digests of a bundle's parts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dmp_certify import clock
from dmp_certify.errors import VerificationError
from dmp_certify.evidence.entry import JsonValue
from dmp_certify.report import sign

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
REPORT_PREDICATE = "urn:dmp-certify:conformance-report:1"
DECISION_PREDICATE = "urn:dmp-certify:authority-decision:1"


def build(
    predicate_type: str,
    subjects: Mapping[str, str],
    predicate: Mapping[str, JsonValue],
    chain: sign.Certificates,
    signed_at: datetime,
) -> bytes:
    """The statement, RFC 8785. `subjects` maps names to SHA-256 digests (hex).

    The predicate also names the signing time and the chain: a certificate swapped for another
    one of the same key is seen.
    """
    import rfc8785

    document: dict[str, Any] = {
        "_type": STATEMENT_TYPE,
        "subject": [
            {"name": name, "digest": {"sha256": digest}} for name, digest in subjects.items()
        ],
        "predicateType": predicate_type,
        "predicate": {
            **predicate,
            "signed_at": clock.iso(signed_at),
            "signer": [sign.fingerprint(each) for each in chain],
        },
    }
    return bytes(rfc8785.dumps(document))


def report_predicate(report: Mapping[str, Any]) -> dict[str, JsonValue]:
    """What the signature of a report says in clear: product, profile, ruling."""
    product = report["product"]
    return {
        "ruling": report["ruling"],
        "profile": {name: report["profile"][name] for name in ("id", "edition")},
        "product": {n: product[n] for n in ("vendor", "name", "version", "approval_id")},
        "suite": report["suite"],
        "run": report["run"]["id"],
    }


class Statement:
    """A statement read back. Raises VerificationError on any other document."""

    def __init__(self, payload: bytes, name: str, predicate_type: str) -> None:
        self.name = name
        try:
            document = json.loads(payload)
            if document["_type"] != STATEMENT_TYPE:
                raise ValueError(f"_type is {document['_type']!r}")
            if document["predicateType"] != predicate_type:
                raise ValueError(f"predicateType is {document['predicateType']!r}")
            self.subjects = {each["name"]: each["digest"]["sha256"] for each in document["subject"]}
            self.predicate: dict[str, Any] = dict(document["predicate"])
            self.signed_at = clock.parse_iso(self.predicate["signed_at"])
            self.signer = list(self.predicate["signer"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise VerificationError(
                f"{name} does not hold an in-toto statement of type {predicate_type}: "
                f"{error!r:.200}"
            ) from error

    def check_subjects(self, expected: Mapping[str, str]) -> None:
        """Raise VerificationError unless the subjects are exactly these names and digests."""
        for name in sorted({*expected, *self.subjects}):
            if self.subjects.get(name) != expected.get(name):
                raise VerificationError(
                    f"{self.name} signs {self.subjects.get(name, 'nothing')} for {name}, "
                    f"but the bundle holds {expected.get(name, 'no such part')}"
                )

    def check_signer(self, chain: Sequence[Any]) -> None:
        """Raise VerificationError unless the chain of the envelope is the one that was signed."""
        if self.signer != [sign.fingerprint(each) for each in chain]:
            raise VerificationError(
                f"the certificates in {self.name} are not those its signer vouched for"
            )
