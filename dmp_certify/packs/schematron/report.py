"""From what fails in a run to assertions and aborts, with messages, places and lines."""

from __future__ import annotations

from dmp_certify.finding import Text
from dmp_certify.packs.schematron.engine import Raw, Runner
from dmp_certify.packs.schematron.errors import XPathFault
from dmp_certify.packs.schematron.nodes import DOCUMENT, Document, Node, location
from dmp_certify.packs.schematron.program import Program
from dmp_certify.packs.verdict import Abort, Assertion


def findings(runner: Runner, doc: Document, raws: list[Raw]) -> tuple[list[Assertion], list[Abort]]:
    """The assertions that fail and the aborts, in the order of schema, pattern and document."""
    failed: list[Assertion] = []
    aborted: list[Abort] = []
    programs = runner.programs
    for number, rule, node, fails in _joined(raws, programs):
        program = programs[number]
        body = program.rules[rule][3]
        if fails is None:
            fails = _one_by_one(program, rule, node, doc, aborted)
        for at in sorted(fails):
            try:
                message = program.careful(body)[f"m{at}"](node, doc)
            except XPathFault as fault:
                aborted.append(abort(program, rule, node, fault))
                message = ""
            failed.append(assertion(program, rule, node, at, message))
    return failed, aborted


def _joined(raws: list[Raw], programs: list[Program]) -> list[Raw]:
    """One entry a rule and node, in the order of schema, pattern and document."""
    found: dict[tuple[int, int, int], Raw] = {}
    for raw in raws:
        number, rule, node, fails = raw
        key = (number, rule, node[5])
        known = found.get(key)
        if known is not None:
            both = None if fails is None or known[3] is None else [*known[3], *fails]
            raw = (number, rule, node, both)
        found[key] = raw
    order = lambda raw: (raw[0], programs[raw[0]].rules[raw[1]][0], raw[2][5])  # noqa: E731
    return sorted(found.values(), key=order)


def _one_by_one(
    program: Program, rule: int, node: Node, doc: Document, aborted: list[Abort]
) -> list[int]:
    """Each check alone, lets on demand: what truly fails, and what truly aborts."""
    body = program.rules[rule][3]
    fails = []
    for at, (report, *_) in enumerate(program.checks[body]):
        try:
            holds = program.careful(body)[f"c{at}"](node, doc)
        except XPathFault as fault:
            aborted.append(abort(program, rule, node, fault))
            continue
        if bool(holds) is report:
            fails.append(at)
    return fails


def line_of(node: Node) -> int | None:
    element = node[4][0][7] if node[0] == DOCUMENT else node[7]
    line: int | None = element.sourceline
    return line


def assertion(program: Program, rule: int, node: Node, at: int, message: str) -> Assertion:
    pattern, _, context, body, _, _ = program.rules[rule]
    report, role, ident, value_sets = program.checks[body][at]
    return Assertion(
        program.family,
        program.patterns[pattern],
        context,
        role,
        location(node),
        line_of(node),
        " ".join(message.split()),
        value_sets or None,
        ident or f"{program.family}-{rule + 1}.{at + 1}",
        report,
    )


def abort(program: Program, rule: int, node: Node, fault: XPathFault) -> Abort:
    _, _, context, _, file, line = program.rules[rule]
    where = f"{file}:{line}"
    return Abort(
        program.family,
        Text(
            f"le Schematron officiel s'interrompt ici ({fault.code} : {fault.what}), "
            f"dans la règle « {context} » ({where})",
            f"the official Schematron stops here ({fault.code}: {fault.what}), "
            f"in the rule “{context}” ({where})",
        ),
        location(node),
        line_of(node),
    )
