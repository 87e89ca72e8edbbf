"""What the connections of a run show of the product, beside what it declares."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping

from dmp_certify.errors import EvidenceError
from dmp_certify.evidence.entry import JsonValue
from dmp_certify.evidence.reader import Evidence
from dmp_certify.report.text import clean


def seen_on_wire(
    evidence: Evidence, software: Mapping[tuple[str, str, str], int]
) -> dict[str, JsonValue]:
    """TLS versions and suites, client certificates, and the software named in the messages.

    `software` counts the exchanges that name each (name, version, approval id).
    """
    established = Counter(_tls(evidence))
    named: list[JsonValue] = [
        {"name": clean(n), "version": clean(v), "approval_id": clean(a), "exchanges": count}
        for (n, v, a), count in sorted(software.items())
    ]
    tls: list[JsonValue] = [
        {"version": version, "cipher": cipher, "connections": count}
        for (version, cipher), count in sorted(established.items())
    ]
    return {"software": named, "tls": tls, "client_certificates": _certificates(evidence)}


def _tls(evidence: Evidence) -> Iterator[tuple[str, str]]:
    for entry in evidence.of_kind("connection"):
        tls = entry.fields.get("tls")
        if entry.fields.get("established") and isinstance(tls, Mapping):
            yield str(tls.get("version") or ""), str(tls.get("cipher") or "")


def _certificates(evidence: Evidence) -> list[JsonValue]:
    seen: Counter[str] = Counter()
    for entry in evidence.of_kind("connection"):
        tls = entry.fields.get("tls")
        chain = tls.get("client_chain") if isinstance(tls, Mapping) else None
        if entry.fields.get("established") and isinstance(chain, list) and chain:
            seen[str(chain[0])] += 1
    return [
        {**_certificate(evidence.blob(digest)), "connections": count}
        for digest, count in sorted(seen.items())
    ]


def _certificate(der: bytes) -> dict[str, JsonValue]:
    from cryptography import x509

    fingerprint = hashlib.sha256(der).hexdigest()
    try:
        found = x509.load_der_x509_certificate(der)
        subject, issuer = found.subject.rfc4514_string(), found.issuer.rfc4514_string()
        serial = format(found.serial_number, "x")
    except ValueError as error:
        raise EvidenceError(f"blob {fingerprint} is not a certificate: {error}") from error
    return {
        "subject": clean(subject),
        "issuer": clean(issuer),
        "serial": serial,
        "sha256": fingerprint,
    }
