"""The user of the VIHF is not identified by a national identifier.

What it finds: a Subject/NameID that is absent or is neither a PS_IdNat nor, in indirect mode,
Struct_IdNat/internal id.
Why it matters: access to a record is traced to a person; a login or a generic account traces
nobody.
How to correct: write the PS_IdNat: 8 and the RPPS number, 0 and the ADELI number, or 3 and the
FINESS, a slash and the internal identifier.

L'utilisateur du VIHF n'est pas identifié par un identifiant national.

Ce que le contrôle trouve : un Subject/NameID absent, ou qui n'est ni un PS_IdNat ni, en mode
indirect, Struct_IdNat/identifiant interne.
Pourquoi c'est important : l'accès à un dossier est imputé à une personne ; un login ou un compte
générique n'impute personne.
Comment corriger : écrire le PS_IdNat : 8 et le numéro RPPS, 0 et le numéro ADELI, ou 3 et le
FINESS, une barre oblique et l'identifiant interne.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.national_ids import PERSON_FORMS, is_internal_user, is_person
from dmp_certify.wire.vihf import DIRECT, Vihf


@check("EX_GEN-1320")
def user_malformed(vihf: Vihf) -> Iterator[Fault]:
    name = vihf.name_id
    if name is None or not name.value:
        seen = Text("NameID absent", "NameID missing")
        yield Fault(name.place if name else vihf.place, PERSON_FORMS, seen)
        return
    direct = vihf.mode is not None and vihf.mode.value == DIRECT
    if not is_person(name.value) and (direct or not is_internal_user(name.value)):
        yield Fault(name.place, PERSON_FORMS, name.value[:200])
