"""The report of evidence: judged, ruled on and built, at the end of a run and at verification."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from dmp_certify.catalogue import profiles
from dmp_certify.checks import load_all
from dmp_certify.engine.replay import judge_all
from dmp_certify.evidence.entry import JsonValue
from dmp_certify.evidence.reader import Evidence
from dmp_certify.report import model
from dmp_certify.wire.message import Message, Unreadable
from dmp_certify.wire.vihf import Vihf

_NAMED = ("LPS_Nom", "LPS_Version", "LPS_ID_HOMOLOGATION_DMP")


def derive(evidence: Evidence, profile: str) -> dict[str, JsonValue]:
    """The report of the profile of that id, from the evidence alone. Raises EvidenceError."""
    texts = {check.id: check.texts for check in load_all()}
    judged = judge_all(evidence)
    basis = model.Basis(profiles.load(profile), texts, software(judged.messages))
    return model.build(evidence, judged.findings, basis)


def software(messages: Iterable[Message]) -> Counter[tuple[str, str, str]]:
    """How many exchanges name the product as (name, version, approval number)."""
    found: Counter[tuple[str, str, str]] = Counter()
    for message in messages:
        try:
            vihf = message.view(Vihf)
        except Unreadable:
            continue
        if vihf is not None:
            values = (vihf.value(each) for each in _NAMED)
            name, version, approval = (one.value if one else "" for one in values)
            found[name, version, approval] += 1
    return found
