"""An INS has the wrong shape or the wrong key.

What it finds: an identifier under the OID of an INS that has not 15 characters, has characters an
INS cannot have, or whose last two digits are not the key of the first thirteen.
Why it matters: the key exists to stop an identifier mistyped or built by hand; a wrong INS may be
somebody else's.
How to correct: use the INS as the INSi teleservice returned it: 13 characters, then the key
97 - (number mod 97), with 2A read as 19 and 2B as 18.

Un INS a une mauvaise forme ou une mauvaise clé.

Ce que le contrôle trouve : un identifiant sous l'OID d'un INS qui n'a pas 15 caractères, a des
caractères qu'un INS ne peut pas avoir, ou dont les deux derniers chiffres ne sont pas la clé des
treize premiers.
Pourquoi c'est important : la clé existe pour arrêter un identifiant mal saisi ou fabriqué ; un INS
faux peut être celui d'un autre.
Comment corriger : employer l'INS tel que le téléservice INSi l'a rendu : 13 caractères, puis la clé
97 - (nombre mod 97), 2A lu 19 et 2B lu 18.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown
from dmp_certify.finding import Fault, Text
from dmp_certify.terminology import ins
from dmp_certify.wire.cda import Cda


@check("DC-CDA-INS-KEY", when=lambda cda: cda.ins_id is not None)
def ins_malformed(cda: Cda) -> Iterator[Fault]:
    for node in cda.ids_where(ins.is_ins_oid):
        if node.null:
            continue
        reason = ins.fault_of(node.extension)
        if reason is not None:
            value = shown(node.extension)
            expected = Text("13 caractères et leur clé", "13 characters and their key")
            observed = Text(f"{value} : {reason.fr}", f"{value}: {reason.en}")
            yield Fault(node.at("extension"), expected, observed)
