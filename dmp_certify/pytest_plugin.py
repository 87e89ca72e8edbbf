"""`pytest --dmp-profile alimentation --dmp-sut sut.toml`: each scenario is a test item.

The last item, `ruling`, holds the whole profile: it writes the signed report and fails unless the
ruling is CONFORMING. Nothing of the suite is loaded unless --dmp-profile is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from dmp_certify.engine.plan import Plan
    from dmp_certify.engine.running import Running
    from dmp_certify.finding import Finding
    from dmp_certify.scenarios.model import Scenario


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options."""
    group = parser.getgroup("dmp-certify")
    group.addoption("--dmp-profile", metavar="PROFILE", help="play this profile, e.g. alimentation")
    group.addoption("--dmp-sut", metavar="FILE", help="sut.toml, or `reference`")
    group.addoption("--dmp-out", metavar="DIR", default="reports", help="default: reports/")
    group.addoption("--dmp-sin", metavar="NAME", default="", help="fault of the bundled product")


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add one item per scenario and one for the ruling."""
    name = config.getoption("--dmp-profile")
    if name:
        collector = Profile.from_parent(session, name=f"dmp:{name}", profile=name)
        items.extend(collector.collect())


class Profile(pytest.Collector):
    """The scenarios of one profile, played with one product."""

    def __init__(self, *, profile: str, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.plan = _plan(self.config, profile)
        self._open = ExitStack()
        self._run: Running | None = None
        self._folder: Path | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """The items, in the order of play."""
        for scenario in self.plan.scenarios():
            yield ScenarioItem.from_parent(self, name=scenario.id, scenario=scenario)
        yield RulingItem.from_parent(self, name="ruling")

    @property
    def run(self) -> Running:
        """The run, opened when the first scenario needs it."""
        if self._run is None:
            from dmp_certify.engine.events import Events
            from dmp_certify.engine.running import running

            self._folder = self.plan.folder(Path(self.config.getoption("--dmp-out")))
            self._run = self._open.enter_context(running(self.plan, self._folder, Events()))
        return self._run

    def end(self) -> Path:
        """Close the run; its folder."""
        self.run.end()
        folder = self.run.folder
        self._open.close()
        return folder

    def teardown(self) -> None:
        """Stop listening, even when the ruling was not asked for."""
        self._open.close()


class ScenarioItem(pytest.Item):
    """One scenario. It fails on what departs from the profile's MUST rows."""

    parent: Profile

    def __init__(self, *, scenario: Scenario, **keywords: Any) -> None:
        super().__init__(**keywords)
        self.scenario = scenario

    def runtest(self) -> None:
        """Play the scenario and judge its exchanges."""
        run = self.parent.run
        if not run.play(self.scenario):
            unclaimed = self.scenario.unclaimed(self.parent.plan.sut.conformance)
            pytest.skip(f"the product does not claim {unclaimed}")
        found = _grave(self.parent.plan, run.folder, self.scenario.id)
        if found:
            raise Departures(found)
        self._silence(run)

    def _silence(self, run: Running) -> None:
        """Nothing passes that showed nothing: a dead adapter fails, what the product cannot do is
        not demonstrated."""
        for step in run.stage.steps_of(self.scenario.id):
            broken = step.detail.get("driver_error")
            if broken:
                raise Departures([f"{step.step}: {broken['en']}"])
            if not step.satisfied:
                pytest.skip(f"not demonstrated: {step.intent}: {step.outcome} {step.shown}".strip())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The findings, not a traceback."""
        if isinstance(excinfo.value, Departures):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """The scenario's title beside its name."""
        return Path(self.parent.name), None, f"{self.name}: {self.scenario.title.en}"


class RulingItem(pytest.Item):
    """The ruling of the whole profile, and its signed report."""

    parent: Profile

    def runtest(self) -> None:
        """Write the report; fail unless the product conforms."""
        from dmp_certify.report.deliver import deliver

        delivery = deliver(self.parent.end(), self.parent.plan.profile.id)
        self.add_report_section("call", "dmp-certify", f"{delivery.files['report.html']}")
        if delivery.ruling != "CONFORMING":
            raise Departures([f"{delivery.ruling}: {delivery.files['report.html']}"])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """One line, not a traceback."""
        if isinstance(excinfo.value, Departures):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """The name of the item."""
        return Path(self.parent.name), None, self.name


class Departures(Exception):
    """What a scenario showed that departs from the profile, one line each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))


def _plan(config: pytest.Config, profile: str) -> Plan:
    from dmp_certify.catalogue import profiles
    from dmp_certify.engine import config as sut
    from dmp_certify.engine.plan import Plan
    from dmp_certify.errors import ConfigurationError
    from dmp_certify.report.identity import home

    product = config.getoption("--dmp-sut")
    if not product:
        raise pytest.UsageError("--dmp-profile needs --dmp-sut: a sut.toml, or `reference`")
    try:
        loaded = sut.load(product, config.getoption("--dmp-sin"))
        return Plan(profiles.load(profile), loaded, home() / "pki")
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from error


def _grave(plan: Plan, folder: Path, scenario: str) -> list[str]:
    """The lines of the findings on this scenario that keep the product from conforming."""
    from dmp_certify.engine.documents import grave
    from dmp_certify.engine.replay import judge
    from dmp_certify.evidence.reader import Evidence

    evidence = Evidence.open(folder / "evidence")
    own = {
        entry.fields["id"]
        for entry in evidence.of_kind("exchange")
        if entry.fields["scenario"] == scenario
    }
    rows = {row.id for row in plan.profile.requirements if row.applies_to(plan.sut.conformance)}
    return [
        _line(finding)
        for finding in judge(evidence)
        if (finding.exchange in own or finding.place.artifact == f"scenario/{scenario}")
        and (rows.intersection(finding.requirement_ids) or not finding.requirement_ids)
        and (grave(finding) or finding.outcome.value == "CRASHED")
    ]


def _line(finding: Finding) -> str:
    place = finding.place
    where = f"{place.artifact}:{place.line}" if place.line else place.artifact
    rows = ", ".join(finding.requirement_ids)
    return (
        f"{finding.outcome.value} {finding.check} [{rows}]\n  {where} {place.path}\n"
        f"  expected: {finding.expected.en}\n  observed: {finding.observed.en}"
    )
