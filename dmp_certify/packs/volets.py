"""Which volet a document claims: from its templateIds and its code, and why.

What a volet asks of the header (templateId roots, document code) is read in its own Schematron.
The edition is the templateId extension; a name that the user gave to the file only settles what
the content leaves open.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from dmp_certify.finding import Text
from dmp_certify.packs.schematron.codegen.contexts import identifier_test
from dmp_certify.packs.schematron.codegen.inspect import everything
from dmp_certify.packs.schematron.codegen.sets import operands
from dmp_certify.packs.schematron.model import Schema
from dmp_certify.packs.schematron.syntax import Expr, Path, Step

HL7 = "{urn:hl7-org:v3}"
DOCUMENT = f"{HL7}ClinicalDocument"
LEVEL_1 = "1.3.6.1.4.1.19376.1.2.20"
_EDITION = re.compile(r"[_\-]([0-9]{4}\.[0-9]{2}|[0-9]+\.[0-9]+)$")
Claims = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
_ID = (f"{HL7}templateId", "root")


def claims(schema: Schema) -> Claims:
    """(templateId roots that the header rules ask for, roots named anywhere, document codes)."""
    roots: dict[str, None] = {}
    codes: dict[str, None] = {}
    named: dict[str, None] = {}
    for pattern in schema.patterns:
        for rule in pattern.rules:
            header = any(_on_header(item) for item in operands(rule.context))
            for part in everything(rule.context):
                _claim(part, named, {})
            for check in rule.checks:
                for part in everything(check.test):
                    _claim(part, roots if header else named, codes if header else {})
    return tuple(roots), tuple(named), tuple(codes)


def _on_header(context: Expr) -> bool:
    last = context.steps[-1] if isinstance(context, Path) and context.steps else context
    return isinstance(last, Step) and last.test.name == DOCUMENT


def _claim(part: Expr, roots: dict[str, None], codes: dict[str, None]) -> None:
    if not isinstance(part, Step) or part.axis != "child" or len(part.preds) != 1:
        pair = identifier_test(part)
        if pair is not None and pair[:2] == (f"{HL7}templateId", "root"):
            roots[pair[2]] = None
        return
    for item in everything(part.preds[0]):
        probe = identifier_test(Step("child", part.test, (item,)))
        if probe is None:
            continue
        if probe[:2] == (f"{HL7}templateId", "root"):
            roots[probe[2]] = None
        elif probe[:2] == (f"{HL7}code", "code"):
            codes[probe[2]] = None


class Choice(NamedTuple):
    volet: str | None
    reason: Text


def family_of(volet: str) -> tuple[str, str]:
    """(name without edition, edition)."""
    match = _EDITION.search(volet)
    return (volet[: match.start()], match.group(1)) if match else (volet, "")


class Header(NamedTuple):
    """What a document says of itself: templateId roots with their extensions, and its code."""

    ids: tuple[tuple[str, str], ...]
    code: str


def header_of(root: etree._Element) -> Header:
    """The header of the ClinicalDocument, which a self-displaying document wraps."""
    found = root if root.tag == DOCUMENT else next(root.iter(DOCUMENT), None)
    if found is None:
        return Header((), "")
    ids = tuple(
        (item.get("root", ""), item.get("extension", ""))
        for item in found.iterchildren(f"{HL7}templateId")
    )
    code = next(found.iterchildren(f"{HL7}code"), None)
    return Header(ids, code.get("code", "") if code is not None else "")


class Chooser:
    """Chooses among the volets of one pack. `generic` are the roots that every document bears."""

    def __init__(self, by_volet: dict[str, Claims], generic: tuple[str, ...] = ()) -> None:
        self.families: dict[str, dict[str, str]] = {}
        self.strong: dict[str, set[str]] = {}
        self.weak: dict[str, set[str]] = {}
        self.codes: dict[str, set[str]] = {}
        for volet, (roots, named, codes) in by_volet.items():
            family, edition = family_of(volet)
            self.families.setdefault(family, {})[edition] = volet
            self.strong.setdefault(family, set()).update(set(roots) - set(generic))
            self.weak.setdefault(family, set()).update(set(named) - set(generic))
            self.codes.setdefault(family, set()).update(codes)
        self._starts = [(_plain(volet), volet) for volet in by_volet]
        self._weights: dict[str, dict[str, float]] = {}
        for weight, claimed in ((2.0, self.strong), (1.0, self.weak)):
            for root in set().union(*claimed.values()):
                bearers = [family for family, wanted in claimed.items() if root in wanted]
                for family in bearers:
                    known = self._weights.setdefault(root, {})
                    known[family] = known.get(family, 0.0) + weight / len(bearers)

    def choose(self, header: Header, name: str) -> Choice:
        """The volet, or none, and the sentence that says why.

        A level 1 document bears the level 1 templateId in place of a volet's: it claims no volet.
        Only a file named as ANS names its examples of a volet is then judged by that volet, which
        is how the official script, told the volet by its user, is run on them.
        """
        if any(root == LEVEL_1 for root, _ in header.ids):
            hinted = None if "__" in name else self._hinted(name)
            return Choice(hinted, _by_name(hinted)) if hinted else Choice(None, _LEVEL_1_SAID)
        families = self._families(header)
        extensions = {extension for _, extension in header.ids if extension}
        editions = [v for family in families for v in self.families[family].values()]
        exact = [v for v in editions if family_of(v)[1] in extensions]
        if len(exact) == 1:
            return Choice(exact[0], _by_content(header, exact[0]))
        agreed = [f for f in families if not self.codes[f] or header.code in self.codes[f]]
        if len(editions) == 1 and agreed:
            return Choice(editions[0], _by_content(header, editions[0]))
        hinted = self._hinted(name)
        if hinted is not None:
            return Choice(hinted, _by_name(hinted))
        if len(agreed) == 1:
            oldest = self.families[agreed[0]][min(self.families[agreed[0]])]
            return Choice(oldest, _oldest(oldest))
        return Choice(None, _undecided(header, sorted(exact or editions)))

    def _families(self, header: Header) -> list[str]:
        """The families that fit best: each templateId counts the more, the rarer it is; one that
        the header rules ask for counts more than one named elsewhere; the code confirms."""
        scores: dict[str, float] = {}
        for root in {root for root, _ in header.ids}:
            for family, weight in self._weights.get(root, {}).items():
                scores[family] = scores.get(family, 0.0) + weight
        for family in list(scores) or self.families:
            if self.codes[family]:
                agrees = header.code in self.codes[family]
                scores[family] = scores.get(family, 0.0) + (0.75 if agrees else -0.75)
        best = max(scores.values(), default=0.0)
        return [family for family, score in scores.items() if score == best and best > 0]

    def _hinted(self, name: str) -> str | None:
        plain = _plain(name)
        fits = [volet for start, volet in self._starts if plain.startswith(start)]
        return max(fits, key=len, default=None)


def _plain(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1].casefold().replace("_", "-")


def _by_content(header: Header, volet: str) -> Text:
    shown = ", ".join(f"{root}{' ' + ext if ext else ''}" for root, ext in header.ids)
    return Text(
        f"volet {volet}, d'après les templateId du document ({shown}) et son code ({header.code})",
        f"volet {volet}, from the document's templateIds ({shown}) and its code ({header.code})",
    )


def _by_name(volet: str) -> Text:
    return Text(
        f"volet {volet} : le contenu ne suffit pas à désigner un volet, le nom du fichier le fait",
        f"volet {volet}: the content does not settle the volet, the name of the file does",
    )


_LEVEL_1_SAID = Text(
    "document de niveau 1 : son templateId remplace celui d'un volet, aucun volet ne s'applique",
    "level 1 document: its templateId stands in place of a volet's, no volet applies",
)


def _oldest(volet: str) -> Text:
    return Text(
        f"volet {volet} : le templateId ne porte pas d'édition, la plus ancienne s'applique",
        f"volet {volet}: the templateId bears no edition, the oldest applies",
    )


def _undecided(header: Header, candidates: list[str]) -> Text:
    shown = ", ".join(root for root, _ in header.ids) or "—"
    more_fr = f" ; possibles : {', '.join(candidates)}" if candidates else ""
    more_en = f"; possible ones: {', '.join(candidates)}" if candidates else ""
    return Text(
        f"aucun volet désigné par les templateId ({shown}) et le code ({header.code}){more_fr}",
        f"no volet follows from the templateIds ({shown}) and the code ({header.code}){more_en}",
    )
