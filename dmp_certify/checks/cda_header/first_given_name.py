"""The first given name is not the first of the list.

What it finds: with an INS, a given of qualifier BR that does not begin the list of given names of
the birth certificate (given without qualifier). Case, accents and hyphens are left aside.
Why it matters: both are INS traits; when they contradict each other the comparison of identities
fails, or the document is filed for somebody else.
How to correct: write the whole list in given without qualifier and its first name in given
qualifier="BR", as INSi returned them.

Le premier prénom n'est pas le premier de la liste.

Ce que le contrôle trouve : avec un INS, un given de qualifier BR qui ne commence pas la liste des
prénoms de l'acte de naissance (given sans qualifier). Casse, accents et tirets sont laissés de
côté.
Pourquoi c'est important : tous deux sont des traits INS ; s'ils se contredisent, la comparaison des
identités échoue, ou le document est classé chez un autre.
Comment corriger : écrire la liste entière dans given sans qualifier et son premier prénom dans
given qualifier="BR", tels qu'INSi les a rendus.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from dmp_certify.catalogue.check import check
from dmp_certify.checks.cda_header._header import shown
from dmp_certify.finding import Fault, Text
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_nodes import Node

_BETWEEN = re.compile(r"[^A-Z0-9]+")


@check("DC-CDA-INS-GIVEN-ORDER", when=lambda cda: _named(cda) is not None)
def first_given_name(cda: Cda) -> Iterator[Fault]:
    names = _named(cda)
    if names is None:
        return
    whole, first = names
    if not f"{_plain(whole.text)} ".startswith(f"{_plain(first.text)} "):
        expected = Text(
            f"le premier prénom de « {shown(whole.text)} »",
            f"the first given name of “{shown(whole.text)}”",
        )
        yield Fault(first.place, expected, shown(first.text))


def _named(cda: Cda) -> tuple[Node, Node] | None:
    """The list of given names and the first one, when both stand once and have letters."""
    patient = cda.patient
    if patient is None or cda.ins_id is None:
        return None
    lists = [one for one in patient.givens("") if _plain(one.text)]
    firsts = [one for one in patient.givens("BR") if _plain(one.text)]
    return (lists[0], firsts[0]) if len(lists) == len(firsts) == 1 else None


def _plain(text: str) -> str:
    """Capitals without accents, names apart by one space."""
    if text.isascii():
        return _BETWEEN.sub(" ", text.upper()).strip()
    letters = unicodedata.normalize("NFKD", text.upper())
    bare = "".join(one for one in letters if not unicodedata.combining(one))
    return _BETWEEN.sub(" ", bare).strip()
