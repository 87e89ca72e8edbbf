"""The core pack's findings on the official examples, and the page that justifies them.

`python -m tests.corpus.official` writes `docs/official-examples.md` anew from the corpus; the
reasons below are written by hand, one per rule, after looking at each finding.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from dmp_certify.catalogue import requirements
from dmp_certify.checks import load_all
from dmp_certify.checks._core import core_checks
from dmp_certify.engine.judge import judge_message
from dmp_certify.finding import Finding
from dmp_certify.outcome import Outcome
from dmp_certify.wire.message import Message
from dmp_certify.wire.subjects import declare_readers

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get("DMP_CERTIFY_CORPUS") or ROOT.parent / "shared" / "corpus")
EXAMPLES = sorted((CORPUS / "ans-cda-3.0" / "ExemplesCDA").glob("*.xml"))
PAGE = ROOT / "docs" / "official-examples.md"
# The moment of judgement: any day after the last example says the same.
JUDGED_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
# Above this many lines, a rule's table gives each document's count and first place only.
LONG = 30

REASONS: dict[str, tuple[str, str]] = {
    "DC-CDA-AUTHOR-BEFORE-DOCUMENT": (
        "L'année écrite est 2918.",
        "The year written is 2918.",
    ),
    "DC-CDA-BIRTH-BEFORE-DOCUMENT": (
        "La date de naissance écrite est postérieure à la date de création écrite : les deux se"
        " lisent dans l'exemple.",
        "The birth date written is later than the creation time written; the example shows both.",
    ),
    "DC-CDA-CODE-SYSTEM": (
        "Le code d'une commune (75056) n'a pas de codeSystem. Recommandation.",
        "The code of a town (75056) has no codeSystem. A recommendation.",
    ),
    "DC-CDA-CONTENT-TYPE": (
        "Le contenu décodé commence par la signature d'un PNG alors que mediaType dit image/jpeg.",
        "The decoded content begins with the signature of a PNG while mediaType says image/jpeg.",
    ),
    "DC-CDA-EFFECTIVE-TIME-SECOND": (
        "La date de création s'arrête à la minute ; la structuration minimale veut la seconde.",
        "The creation time stops at the minute; the structuration minimale wants the second.",
    ),
    "DC-CDA-EVENT-PAST": (
        "L'année écrite est 2104. Recommandation.",
        "The year written is 2104. A recommendation.",
    ),
    "DC-CDA-IDENTIFIER-SHARED": (
        "Deux actes de codes différents, ou un acte et un professionnel ou dispositif, portent "
        "le même identifiant : l'exemple a été recopié. Recommandation.",
        "Two acts of different codes, or an act and a professional or device, bear the same "
        "identifier: the example was copied. A recommendation.",
    ),
    "DC-CDA-INS-BIRTH": (
        "L'INS dit 1979-03, birthTime dit 1976-05. Recommandation : l'écart est signalé.",
        "The INS says 1979-03, birthTime says 1976-05. A recommendation: the gap is reported.",
    ),
    "DC-CDA-INS-GIVEN-ORDER": (
        "La liste dit ISABELLE, le premier prénom RUTH. Recommandation.",
        "The list says ISABELLE, the first given name RUTH. A recommendation.",
    ),
    "DC-CDA-INS-KEY": (
        "97 moins le reste de la division du matricule par 97 n'est pas la clé écrite ; la "
        "ligne donne les deux. Les INS justes des autres exemples passent par le même calcul.",
        "97 minus the remainder of the matricule divided by 97 is not the key written; the line"
        " gives both. The right INS of the other examples pass the same computation.",
    ),
    "DC-CDA-INS-PLACE": (
        "L'INS dit une commune, county une autre (51215 et 63220). Signalé sans échec.",
        "The INS says one town, county another (51215 and 63220). Reported without failing.",
    ),
    "DC-CDA-INTERNAL-REFERENCE": (
        "Aucun autre élément du document ne porte l'identifiant cité par la référence interne. "
        "Recommandation.",
        "No other element of the document bears the identifier that the internal reference "
        "cites. A recommendation.",
    ),
    "DC-CDA-NATIONAL-REGISTER": (
        "La racine est coupée (1.2.250.1.71) là où l'auteur a 1.2.250.1.71.4.2.1, ou une "
        "organisation est sous la racine des professionnels. Recommandation.",
        "The root is cut (1.2.250.1.71) where the author has 1.2.250.1.71.4.2.1, or an "
        "organisation stands under the root of professionals. A recommendation.",
    ),
    "DC-CDA-NULL-FLAVOR-SET": (
        "L'en-tête emploie NA, hors des cinq valeurs du texte. Beaucoup d'exemples le font : la"
        " règle signale seulement.",
        "The header uses NA, outside the five values of the text. Many examples do: the rule "
        "reports only.",
    ),
    "DC-CDA-PARTICIPATION-PAST": (
        "L'année écrite est 2918.",
        "The year written is 2918.",
    ),
    "DC-CDA-PDF-A1": (
        "Le PDF décodé ne contient nulle part pdfaid : il ne se déclare d'aucune partie de PDF/A.",
        "The decoded PDF contains pdfaid nowhere: it claims no part of PDF/A.",
    ),
    "DC-CDA-PDF-A1-COPY": (
        "Le PDF joint ne contient pas pdfaid, ou dit la partie 2. Recommandation.",
        "The attached PDF contains no pdfaid, or states part 2. A recommendation.",
    ),
    "DC-CDA-PROFESSIONAL-FORM": (
        "Le numéro n'a pas le préfixe d'un répertoire suivi du nombre de chiffres de ce "
        "répertoire. Signalé sans échec.",
        "The number has not the prefix of a register followed by as many digits as that "
        "register has. Reported without failing.",
    ),
    "DC-CDA-REFERENCE": (
        "Aucun élément du document ne porte l'ID désigné, ou la valeur n'a pas de `#`. Les "
        "règles officielles n'y regardent pas : recommandation.",
        "No element of the document bears the ID named, or the value has no `#`. The official "
        "rules do not look: a recommendation.",
    ),
    "DC-CDA-ROOT-FORM": (
        "Ce qui suit n'est hexadécimal qu'en partie (Z) : ni OID, ni UUID, ni mot réservé ; le "
        "schéma officiel le refuse aussi.",
        "What stands there is hexadecimal in part only (Z): neither OID, UUID nor reserved "
        "word; the official schema refuses it too.",
    ),
    "DC-CDA-ROOT-RESERVED": (
        "La racine a une lettre au-delà de F, ou n'est que des x : ce n'est pas un UUID. Le "
        "schéma la prend pour un mot réservé d'HL7. Recommandation.",
        "The root has a letter beyond F, or is only x: it is no UUID. The schema takes it for a"
        " word reserved by HL7. A recommendation.",
    ),
    "DC-CDA-SECTION-EMPTY": (
        "Le texte de la section est vide et elle n'a pas d'entrée. Signalé sans échec.",
        "The text of the section is empty and it has no entry. Reported without failing.",
    ),
    "DC-CDA-SECTION-TEXT": (
        "La section a des entrées et son texte ne contient aucun caractère ni image. "
        "Recommandation.",
        "The section has entries and its text holds neither a character nor a picture. A "
        "recommendation.",
    ),
    "DC-CDA-SIGNER-AUTHOR": (
        "Le responsable et les auteurs ont des identifiants différents, ce que l'en-tête "
        "permet. Signalé sans échec.",
        "Legal authenticator and authors have different identifiers, which the header allows. "
        "Reported without failing.",
    ),
    "DC-CDA-STRUCTURE-FORM": (
        "Le numéro n'a pas le préfixe d'un répertoire suivi du nombre de chiffres de ce "
        "répertoire : par exemple un FINESS trop court d'un chiffre, ou un numéro de "
        "professionnel. Signalé sans échec.",
        "The number has not the prefix of a register followed by as many digits as that "
        "register has: for instance a FINESS one digit short, or a number of a professional. "
        "Reported without failing.",
    ),
    "DC-CDA-STYLE-SHEET": (
        "L'instruction xml-stylesheet désigne un autre fichier. Seule, elle est signalée sans "
        "échec : tous les exemples non auto-présentables la portent.",
        "The xml-stylesheet instruction names another file. Alone it is reported without "
        "failing: all examples that are not self-presentable carry it.",
    ),
    "DC-CDA-SYSTEM-NAME": (
        "L'OID écrit à côté de CIM-10 est coupé (2.16.840.1.113883.6). Recommandation.",
        "The OID beside CIM-10 is cut (2.16.840.1.113883.6). A recommendation.",
    ),
    "DC-CDA-TEMPLATE-ORDER": (
        "Un templateId de modèle précède celui du CI-SIS. L'ordre est dans le texte, non dans "
        "le Schematron : signalé sans échec.",
        "A templateId of a model comes before that of the CI-SIS. The order is in the text, not"
        " in the Schematron: reported without failing.",
    ),
    "DC-CDA-TIME-REAL": (
        "Le mois écrit est 20 (jour et mois intervertis).",
        "The month written is 20 (day and month swapped).",
    ),
    "DC-CDA-VERSION-REPLACES": (
        "La version dépasse 1 sans relatedDocument, ou vaut 1 avec RPLC. Recommandation.",
        "The version exceeds 1 without relatedDocument, or is 1 with RPLC. A recommendation.",
    ),
    "EX_2.1-1115": (
        "La feuille de style de l'exemple contient un élément script.",
        "The style sheet of the example contains a script element.",
    ),
}


def judge(data: bytes, name: str) -> list[Finding]:
    """What the core pack finds in those bytes, PASS left out."""
    declare_readers()
    wanted = set(core_checks())
    checks = [one for one in load_all() if one.id in wanted]
    message = Message(artifact=name, kind="cda", raw=data, received_at=JUDGED_AT)
    return [one for one in judge_message(message, checks) if one.outcome is not Outcome.PASS]


def on_examples() -> dict[str, list[Finding]]:
    """By requirement row, every finding on every example."""
    found: dict[str, list[Finding]] = {}
    for file in EXAMPLES:
        for one in judge(file.read_bytes(), file.name):
            for row in one.requirement_ids:
                found.setdefault(row, []).append(one)
    return found


def page(found: dict[str, list[Finding]]) -> str:
    """The text of `docs/official-examples.md`."""
    total = sum(map(len, found.values()))
    lines = [
        "# Exemples officiels / Official examples",
        "",
        f"Le pack `core` juge les {len(EXAMPLES)} exemples de TestContenuCDA-3-0 : {total} "
        "constats, tous regardés. Chacun est un écart réel à la règle citée ; la colonne "
        "« observé » en est la preuve, à la ligne dite de l'exemple.",
        "",
        f"The `core` pack judges the {len(EXAMPLES)} examples of TestContenuCDA-3-0: {total} "
        "findings, all looked at. Each is a real departure from the rule cited; the column "
        "“observé / observed” is the proof, at the stated line of the example.",
        "",
        "Cette page est écrite par `python -m tests.corpus.official` et tenue par "
        "`tests/corpus/test_official_examples.py`.",
        "",
        "This page is written by `python -m tests.corpus.official` and held by "
        "`tests/corpus/test_official_examples.py`.",
        "",
        "| Règle / Rule | Obligation | Constats / Findings | Documents |",
        "|---|---|---|---|",
    ]
    known = requirements.load_all()
    for row, hits in sorted(found.items()):
        documents = len({one.place.artifact for one in hits})
        lines.append(f"| {row} | {known[row].obligation} | {len(hits)} | {documents} |")
    for row, hits in sorted(found.items()):
        lines += _section(row, hits)
    return "\n".join([*lines, *NOT_JUDGED]) + "\n"


def _section(row: str, hits: list[Finding]) -> Iterator[str]:
    rule = requirements.load_all()[row]
    fr, en = REASONS[row]
    yield from ("", f"## {row}", "", f"{rule.title.fr}. {fr}", "", f"{rule.title.en}. {en}", "")
    yield from (f"Source : {rule.source}", "")
    if len(hits) > LONG:
        yield from (
            "| Document | Constats / Findings | Première ligne / First line | Observé / Observed |",
            "|---|---|---|---|",
        )
        for name in sorted({one.place.artifact for one in hits}):
            own = [one for one in hits if one.place.artifact == name]
            yield f"| {name} | {len(own)} | {own[0].place.line} | {_cell(own[0])} |"
        return
    yield from ("| Document | Ligne / Line | Observé / Observed |", "|---|---|---|")
    for one in hits:
        yield f"| {one.place.artifact} | {one.place.line} | {_cell(one)} |"


def _cell(finding: Finding) -> str:
    """What was observed, in French, safe in a table."""
    return f"`{finding.observed.fr.replace('|', '¦').replace('`', chr(39))}`"


NOT_JUDGED = (
    "",
    "## Ce que core ne juge pas / What core does not judge",
    "",
    "Faute d'une règle publique à citer : un libellé du corps hors des jeux de valeurs de core, "
    "une section sans titre ou sans identifiant, un templateId inconnu (la liste publiée n'est pas "
    "close), un élément facultatif retiré, un INS-C. Un responsable qui n'est pas un auteur est "
    "signalé, jamais refusé : l'en-tête les distingue à dessein.",
    "",
    "For want of a public rule to cite: a display name of the body outside the value sets of core, "
    "a section without title or identifier, an unknown templateId (the published list is not "
    "closed), an optional element left out, an INS-C. A legal authenticator who is not an author "
    "is reported, never refused: the header tells them apart on purpose.",
    "",
    "Le pack officiel, quand il est ajouté, juge en plus par ses propres règles / The official "
    "pack, when added, judges besides by its own rules.",
)


def main() -> int:
    if not EXAMPLES:
        print(f"no official examples below {CORPUS}", file=sys.stderr)
        return 2
    found = on_examples()
    unjustified = sorted(set(found) - set(REASONS))
    if unjustified:
        print(f"no reason is written for {', '.join(unjustified)}", file=sys.stderr)
        return 1
    PAGE.write_text(page(found), encoding="utf-8")
    print(PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
