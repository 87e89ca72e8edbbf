"""The patientId is not a valid INS

What it finds: a well-formed patientId whose OID is not one of the INS, whose type is not NH, or
whose matricule has a wrong shape or key. The legacy INS-C is left alone.
Why it matters: a wrong key means a typing or transmission error: the document may end up in another
person's record.
How to correct: take the INS as the INSi service gave it, with its OID, and check the key before any
use.

Le patientId n'est pas un INS valide

Ce que le contrôle trouve : un patientId bien formé dont l'OID n'est pas celui d'un INS, dont le
type n'est pas NH, ou dont le matricule a une forme ou une clé fausse. L'ancien INS-C est laissé de
côté.
Pourquoi c'est important : une clé fausse trahit une erreur de saisie ou de transmission : le
document peut finir dans le dossier d'une autre personne.
Comment corriger : reprendre l'INS tel que le téléservice INSi l'a donné, avec son OID, et en
contrôler la clé avant tout usage.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import ins, oids
from dmp_certify.terminology.identifiers import Cx, Malformed, parse_cx
from dmp_certify.wire.message import Located
from dmp_certify.wire.xds import Submission


@check("DC-XDS-INS-OID", "DC-XDS-INS-TYPE", "EX_GEN-1270")
def ins_wrong(submission: Submission) -> Iterator[Fault]:
    for owner in (*submission.sets, *submission.entries):
        for stated in owner.values("patientId"):
            try:
                cx = parse_cx(stated.value)
            except Malformed:
                continue
            if cx.authority != oids.INS_C:
                yield from _judge(stated, cx)


def _judge(stated: Located[str], cx: Cx) -> Iterator[Fault]:
    if not ins.is_ins_oid(cx.authority):
        known = ", ".join(oid for oid in ins.KINDS if ins.is_ins_oid(oid))
        yield Fault(
            stated.place,
            Text(f"un OID d'INS : {known}", f"an OID of the INS: {known}"),
            cx.authority,
            "DC-XDS-INS-OID",
        )
        return
    if cx.type != "NH":
        yield Fault(
            stated.place, "NH", cx.type or Text("CX-5 absent", "CX-5 missing"), "DC-XDS-INS-TYPE"
        )
    reason = ins.fault_of(cx.id)
    if reason is not None:
        yield Fault(
            stated.place,
            Text("matricule INS de 15 caractères, clé juste", "INS of 15 characters, correct key"),
            Text(f"{cx.id[:60]} ({reason.fr})", f"{cx.id[:60]} ({reason.en})"),
            "EX_GEN-1270",
        )
