"""From recorded evidence to the subjects of judgement: connections, requests, the suite's answers.

The judge has no other source, so that a verdict can be derived again from the evidence alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dmp_certify import clock
from dmp_certify.errors import EvidenceError
from dmp_certify.evidence.entry import Entry
from dmp_certify.evidence.reader import Evidence
from dmp_certify.wire.message import Message, TlsFacts, Trust


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the `run` entry says once for all messages; `lost` are the exchanges whose answer did
    not leave whole, so that the product never knew it."""

    trust: Trust
    product: Mapping[str, str]
    conformance: Mapping[str, object]
    lost: frozenset[str]


def messages(evidence: Evidence) -> Iterator[Message]:
    """Each connection (kind `connection`) and each request (kind `http`), in the ledger's order.

    Raises EvidenceError on an entry that lacks what its kind holds.
    """
    setting = _setting(evidence)
    seen: dict[str, TlsFacts] = {}
    for entry in evidence.of_kind("connection", "exchange"):
        try:
            if entry.kind == "connection":
                facts = _tls(evidence, entry)
                seen[facts.connection] = facts
                yield _connection(entry, facts, setting)
            else:
                yield _request(evidence, entry, seen, setting)
        except (KeyError, TypeError, ValueError) as error:
            raise _unusable(entry, error) from error


def answers(evidence: Evidence) -> Iterator[Message]:
    """The suite's own answers (kind `answer`), in the ledger's order."""
    setting = _setting(evidence)
    for entry in evidence.of_kind("exchange"):
        try:
            yield _answer(evidence, entry, setting)
        except (KeyError, TypeError, ValueError) as error:
            raise _unusable(entry, error) from error


def _unusable(entry: Entry, error: Exception) -> EvidenceError:
    return EvidenceError(
        f"ledger.jsonl line {entry.seq + 1}: the {entry.kind} entry cannot be read "
        f"({type(error).__name__}: {error}); it was not written by this suite"
    )


def _setting(evidence: Evidence) -> _Setting:
    """The last `run` entry; nothing is trusted when there is none."""
    fields: Mapping[str, Any] = {}
    for entry in evidence.of_kind("run"):
        fields = entry.fields
    return _Setting(
        Trust(
            tuple(evidence.blob(digest) for digest in fields.get("trust") or ()),
            tuple(evidence.blob(digest) for digest in fields.get("crls") or ()),
        ),
        {str(key): str(value) for key, value in (fields.get("product") or {}).items()},
        dict(fields.get("conformance") or {}),
        frozenset(
            str(entry.fields.get("exchange"))
            for entry in evidence.of_kind("sent")
            if entry.fields.get("complete") is not True
        ),
    )


def _tls(evidence: Evidence, entry: Entry) -> TlsFacts:
    known: Mapping[str, Any] = entry.fields.get("tls") or {}
    return TlsFacts(
        connection=entry.fields["id"],
        established=entry.fields["established"] is True,
        version=known.get("version") or "",
        cipher=known.get("cipher") or "",
        client_chain=tuple(evidence.blob(one) for one in known.get("client_chain") or ()),
        reason=": ".join(filter(None, (entry.fields.get("cause"), entry.fields.get("reason")))),
    )


def _connection(entry: Entry, facts: TlsFacts, setting: _Setting) -> Message:
    return Message(
        artifact=f"connection/{facts.connection}",
        kind="connection",
        raw=b"",
        received_at=clock.parse_iso(entry.at),
        tls=facts,
        trust=setting.trust,
        product=setting.product,
        conformance=setting.conformance,
    )


def _request(
    evidence: Evidence, entry: Entry, seen: Mapping[str, TlsFacts], setting: _Setting
) -> Message:
    fields = entry.fields
    request = fields["request"]
    response = (fields.get("response") or {}).get("blob")
    return Message(
        artifact=f"exchange/{fields['id']}/request",
        kind="http",
        raw=evidence.blob(request["blob"]),
        received_at=clock.parse_iso(fields["received_at"]),
        exchange=fields["id"],
        complete=request.get("complete", True) is True,
        problem=request.get("problem") or "",
        tls=seen.get(fields.get("connection") or ""),
        trust=setting.trust,
        product=setting.product,
        conformance=setting.conformance,
        answer=evidence.blob(response) if response and fields["id"] not in setting.lost else None,
    )


def _answer(evidence: Evidence, entry: Entry, setting: _Setting) -> Message:
    fields = entry.fields
    return Message(
        artifact=f"exchange/{fields['id']}/response",
        kind="answer",
        raw=evidence.blob(fields["response"]["blob"]),
        received_at=clock.parse_iso(fields["answered_at"]),
        exchange=fields["id"],
        trust=setting.trust,
        product=setting.product,
        conformance=setting.conformance,
    )
