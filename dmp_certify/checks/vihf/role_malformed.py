"""A value of the role is not a coded Role.

What it finds: an AttributeValue of the role without one Role element of HL7 V3, or a Role without
code or codeSystem.
Why it matters: the DMP reads the profession from these two attributes and refuses the call
without them.
How to correct: write <Role xmlns="urn:hl7-org:v3" code codeSystem displayName xsi:type="CE"/> in
each AttributeValue.

Une valeur du rôle n'est pas un Role codé.

Ce que le contrôle trouve : un AttributeValue du rôle sans un élément Role de HL7 V3, ou un Role
sans code ou sans codeSystem.
Pourquoi c'est important : le DMP lit la profession dans ces deux attributs et refuse l'appel sans
eux.
Comment corriger : écrire <Role xmlns="urn:hl7-org:v3" code codeSystem displayName xsi:type="CE"/>
dans chaque AttributeValue.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.vihf import ROLE, Vihf, is_hl7


def _judged(vihf: Vihf) -> bool:
    return bool(vihf.named(ROLE))


@check("DC-VIHF-ROLE-FORM", when=_judged)
def role_malformed(vihf: Vihf) -> Iterator[Fault]:
    for attribute in vihf.named(ROLE):
        for value in attribute.plain:
            if value.value:
                yield Fault(value.place, "hl7:Role", value.value[:200])
        for role in attribute.coded:
            if not is_hl7(role, "Role"):
                yield Fault(role.place, "hl7:Role", f"{{{role.name[0]}}}{role.name[1]}"[:200])
                continue
            for name, part in (("code", role.code), ("codeSystem", role.code_system)):
                if part is None or not part.value.strip():
                    absent = Text(f"{name} absent", f"{name} missing")
                    yield Fault(role.place, Text(f"l'attribut {name}", f"a {name}"), absent)
