"""The manifest of the core pack says which checks make it, and each of them is proven."""

from __future__ import annotations

import pytest
import yaml

from dmp_certify import data
from dmp_certify.catalogue import requirements
from dmp_certify.checks import load_all
from dmp_certify.checks._core import core_checks
from tests.support import cases


def manifest() -> dict[str, object]:
    text = data.path("profiles", "packs", "core", "pack.yaml").read_text("utf-8")
    loaded = yaml.safe_load(text)
    assert isinstance(loaded, dict)
    return loaded


def test_the_manifest_lists_the_checks_of_a_document() -> None:
    assert manifest()["checks"] == core_checks()
    assert {"cda_header.ins-malformed", "cda_body.pdf-archival"} <= set(core_checks())


def rows_of(document: str) -> set[str]:
    return {row.id for row in requirements.load_all().values() if row.document == document}


def tripped() -> set[str]:
    """The rows that some bad case trips: those it names, or the only row of its check."""
    held = {check.id: check.requirement_ids for check in load_all()}
    found: set[str] = set()
    for case in cases.load_all():
        if not case.good and case.check in held:
            named = case.expect.get("requirement")
            rows = held[case.check]
            found.update([str(named)] if named else rows if len(rows) == 1 else ())
    return found


@pytest.mark.parametrize("document", ["dc-cda-1", "dc-signature-1"])
def test_each_row_is_judged_and_tripped_by_a_bad_case(document: str) -> None:
    rows = rows_of(document)
    judged = {row for check in load_all() for row in check.requirement_ids}
    assert rows and rows <= judged, rows - judged
    assert rows <= tripped(), rows - tripped()
