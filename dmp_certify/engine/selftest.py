"""The suite proves itself: the reference product conforms, and each of its sins is caught.

A sin is caught when every check that it names fails, and no other: a suite that cries wolf is as
wrong as one that sleeps. Checks that also speak of the sinless product are left out of the count.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from dmp_certify.catalogue import profiles
from dmp_certify.engine import config
from dmp_certify.engine.credentials import prepare
from dmp_certify.engine.events import Events
from dmp_certify.engine.plan import Plan
from dmp_certify.engine.replay import judge
from dmp_certify.engine.run import begin
from dmp_certify.engine.verdict import judge_profile
from dmp_certify.evidence.reader import Evidence
from dmp_certify.finding import Finding
from dmp_certify.outcome import Outcome, Ruling

PROFILE = "alimentation"
_SEED = 1


@dataclass(frozen=True, slots=True)
class Proof:
    """What one run showed: `expected` are the checks that must fail, `failed` those that did.

    `sin` is empty for the sinless product; `trouble` says what else went wrong.
    """

    sin: str
    expected: tuple[str, ...]
    failed: tuple[str, ...]
    trouble: str = ""

    @property
    def holds(self) -> bool:
        """Whether exactly the expected checks failed."""
        return not self.trouble and set(self.failed) == set(self.expected)


def prove(pki: Path, sins: Sequence[str] = (), workers: int = 2) -> Iterator[Proof]:
    """The proofs, the sinless product first, then the sins (all when none is named) in order."""
    from dmp_certify.reference_lps.sins import SINS

    wanted = tuple(sins) or tuple(SINS)
    with tempfile.TemporaryDirectory(prefix="dmp-certify-") as work:
        # Made once, before the workers, who would wait for one another.
        prepare(pki, config.reference(), Path(work), "127.0.0.1")
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        clean = pool.submit(_clean, pki)
        running = [pool.submit(_sinful, pki, name) for name in wanted]
        proof = clean.result()
        yield proof
        # What is merely noted of the sinless product is no catch of a sin.
        for future in running:
            found = future.result()
            failed = tuple(each for each in found.failed if each not in proof.failed)
            yield Proof(found.sin, found.expected, failed, found.trouble)


def _clean(pki: Path) -> Proof:
    findings, _ = _run(pki, "", ())
    profile, sut = profiles.load(PROFILE), config.reference()
    verdict = judge_profile(profile.requirements, findings, conformance=sut.conformance)
    trouble = _trouble(findings)
    if verdict.ruling is not Ruling.CONFORMING:
        rows = [
            each.requirement.id
            for each in verdict.ruled_on
            if each.verdict.value in ("NOT_MET", "NOT_DEMONSTRATED", "VOID")
        ]
        trouble = f"{verdict.ruling.value}: {', '.join(rows)}; {trouble}".rstrip("; ")
    failed = _failed(findings)
    return Proof("", failed if not trouble else (), failed, trouble)


def _sinful(pki: Path, name: str) -> Proof:
    from dmp_certify.reference_lps.sins import SINS

    sin = SINS[name]
    try:
        findings, said = _run(pki, name, (sin.scenario,))
    except Exception as error:
        return Proof(name, sin.expects, (), f"{type(error).__name__}: {error}")
    return Proof(name, sin.expects, _failed(findings), _trouble(findings) or said)


def _run(pki: Path, sin: str, only: tuple[str, ...]) -> tuple[tuple[Finding, ...], str]:
    product = config.reference(sin)
    sut = replace(product, driver={**product.driver, "kind": config.IN_PROCESS})
    plan = Plan(profiles.load(PROFILE), sut, pki, seed=_SEED, only=only)
    with tempfile.TemporaryDirectory(prefix="dmp-certify-") as out:
        folder = begin(plan, Path(out), Events())
        evidence = Evidence.open(folder / "evidence")
        broken = [
            entry.fields["answer"]["detail"]["driver_error"]["en"]
            for entry in evidence.of_kind("step-ended")
            if "driver_error" in (entry.fields["answer"].get("detail") or {})
        ]
        return judge(evidence), "; ".join(broken)


def _failed(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(sorted({each.check for each in findings if each.outcome is Outcome.FAIL}))


def _trouble(findings: Sequence[Finding]) -> str:
    crashed = [each for each in findings if each.outcome is Outcome.CRASHED]
    lines = {f"{each.check}: {each.observed.en.strip().splitlines()[-1]}" for each in crashed}
    return "; ".join(sorted(lines))
