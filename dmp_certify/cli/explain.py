"""`explain ID`: a requirement, a check, a scenario, a profile, a sin or an error code."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from dmp_certify.cli import exits
from dmp_certify.errors import ConfigurationError
from dmp_certify.finding import Text

Say = Callable[[Text], str]
Explainer = Callable[[str, Say], Iterator[str]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("ids", nargs="+", metavar="ID", help="e.g. EX_2.1-1140, vihf.unsigned")


def run(options: argparse.Namespace) -> int:
    """Exit code 0, or 2 when nothing bears that name."""

    def say(text: Text) -> str:
        return text.en if options.lang == "en" else text.fr

    for wanted in options.ids:
        explained = [list(explain(wanted, say)) for explain in _EXPLAINERS]
        told = [lines for lines in explained if lines]
        if not told:
            raise ConfigurationError(f"nothing is called {wanted!r}; {_next(wanted)}")
        print("\n\n".join("\n".join(lines) for lines in told))
    return exits.CONFORMING


def _next(wanted: str) -> str:
    """What to try instead: the names that look like the one asked for."""
    from difflib import get_close_matches

    from dmp_certify.catalogue import profiles, requirements
    from dmp_certify.checks import load_all
    from dmp_certify.cli.error_codes import CODES
    from dmp_certify.reference_lps.sins import SINS
    from dmp_certify.scenarios import loader

    known = {*requirements.load_all(), *(check.id for check in load_all()), *loader.load_all()}
    known |= {*profiles.names(), *SINS, *CODES}
    folded = {name.casefold(): name for name in sorted(known)}
    typed = wanted.casefold()
    near = [folded[name] for name in get_close_matches(typed, folded, 3, 0.75)]
    near = near or [name for fold, name in folded.items() if len(typed) > 3 and typed in fold][:6]
    if near:
        return f"did you mean {', '.join(near)}?"
    return "see dmp-certify list profiles|requirements|checks|scenarios|sins"


def _requirement(name: str, say: Say) -> Iterator[str]:
    from dmp_certify.catalogue import requirements
    from dmp_certify.checks import load_all

    row = requirements.load_all().get(name)
    if row is None:
        return
    yield f"{row.id}  [{row.obligation.value}, {row.verification}]  {row.document} {row.section}"
    yield f"  {say(row.title)}"
    yield f"  {say(Text('source :', 'source:'))} {row.source}"
    if row.applies:
        yield f"  {say(Text('ne vaut que si :', 'applies only when:'))} {row.applies}"
    if row.reason:
        yield f"  {row.reason}"
    for check in load_all():
        if row.id in check.requirement_ids:
            yield f"  {say(Text('jugée par', 'judged by'))} {check.id} – {say(check.texts.title)}"


def _check(name: str, say: Say) -> Iterator[str]:
    from dmp_certify.checks import load_all

    for check in load_all():
        if check.id == name:
            yield f"{check.id}  [{', '.join(check.requirement_ids)}]"
            texts = check.texts
            yield f"  {say(texts.title)}"
            yield f"  {say(Text('Ce qu’il trouve :', 'What it finds:'))} {say(texts.finds)}"
            yield f"  {say(Text('Pourquoi :', 'Why:'))} {say(texts.why)}"
            yield f"  {say(Text('Comment corriger :', 'How to correct:'))} {say(texts.correct)}"


def _scenario(name: str, say: Say) -> Iterator[str]:
    from dmp_certify.scenarios import loader

    scenario = loader.load_all().get(name)
    if scenario is None:
        return
    yield f"{scenario.id} – {say(scenario.title)}"
    for patient in scenario.patients:
        yield f"  {say(Text('patient', 'patient'))} {patient.name} – {patient.record}"
    for step in scenario.steps:
        wanted = ", ".join(each["transaction"] for each in step.expect.get("exchanges") or ())
        never = ", ".join(step.expect.get("none") or ())
        yield f"  {step.id} – {say(step.say)}"
        if step.answer is not None:
            yield f"    {say(Text('le DMP :', 'the DMP:'))} {step.answer.disturb}"
        if wanted:
            yield f"    {say(Text('attendu :', 'expected:'))} {wanted}"
        if never:
            yield f"    {say(Text('ne doit pas venir :', 'must not come:'))} {never}"


def _profile(name: str, say: Say) -> Iterator[str]:
    from dmp_certify.catalogue import profiles

    if name not in profiles.names():
        return
    profile = profiles.load(name)
    yield f"{profile.id} {profile.edition} – {say(profile.title)}"
    judged = Text("exigences jugées", "requirements judged")
    outside = Text("hors de portée", "out of reach")
    yield f"  {len(profile.requirements)} {say(judged)}, {len(profile.outside)} {say(outside)}"
    yield f"  {say(Text('scénarios :', 'scenarios:'))} {', '.join(profile.scenarios)}"


def _sin(name: str, say: Say) -> Iterator[str]:
    from dmp_certify.reference_lps.sins import SINS

    sin = SINS.get(name)
    if sin is not None:
        yield f"{sin.name} – {say(sin.title)}"
        yield f"  {say(Text('trouvée par', 'caught by'))} {', '.join(sin.expects)}"
        yield f"  {say(Text('jouée dans', 'played in'))} {sin.scenario}"


def _code(name: str, say: Say) -> Iterator[str]:
    from dmp_certify.cli.error_codes import CODES

    if name in CODES:
        yield f"{name} – {say(CODES[name])}"


_EXPLAINERS: tuple[Explainer, ...] = (_requirement, _check, _scenario, _profile, _sin, _code)
