"""The plugin: each scenario an item, findings in place of tracebacks, nothing loaded for others."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

from dmp_certify.drivers import stub

ROOT = Path(__file__).resolve().parents[2]


def pytest_run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DMP_CERTIFY_HOME": str(folder / "home")}
    environment.pop("PYTEST_ADDOPTS", None)
    # An installation declares the plugin; a bare checkout does not.
    declared = any(each.name == "dmp_certify" for each in entry_points(group="pytest11"))
    plugin = [] if declared else ["-p", "dmp_certify.pytest_plugin"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugin, *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_each_scenario_is_an_item(tmp_path: Path) -> None:
    told = pytest_run(
        tmp_path, "--dmp-profile=alimentation", "--dmp-sut=reference", "--collect-only", "-q"
    )
    assert "dmp:alimentation::feed-pdf" in told.stdout
    assert "dmp:alimentation::ruling" in told.stdout


def test_a_finding_is_shown_where_its_scenario_fails(tmp_path: Path) -> None:
    told = pytest_run(
        tmp_path,
        "--dmp-profile=alimentation",
        "--dmp-sut=reference",
        "--dmp-sin=cda-effective-time",
        "-k",
        "existence-found or feed-pdf",
    )
    assert told.returncode == 1 and "1 failed, 1 passed" in told.stdout
    assert "FAIL cda_header.effective-time" in told.stdout and "Traceback" not in told.stdout


def test_a_scenario_that_showed_nothing_does_not_pass(tmp_path: Path) -> None:
    sut = tmp_path / "sut.toml"
    sut.write_text(stub.SUT_TOML, "utf-8")
    (tmp_path / "adapter.py").write_text(stub.ADAPTER_STUB, "utf-8")
    told = pytest_run(
        tmp_path, "--dmp-profile=alimentation", "--dmp-sut=sut.toml", "-rs", "-k", "existence-found"
    )
    assert "1 skipped" in told.stdout and "not demonstrated: test-existence" in told.stdout
    sut.write_text(sut.read_text("utf-8").replace('"adapter.py"', '"gone.py"', 1), "utf-8")
    told = pytest_run(
        tmp_path, "--dmp-profile=alimentation", "--dmp-sut=sut.toml", "-k", "existence-found"
    )
    assert "1 failed" in told.stdout and "gone.py" in told.stdout


def test_the_product_must_be_named(tmp_path: Path) -> None:
    told = pytest_run(tmp_path, "--dmp-profile=alimentation")
    assert told.returncode != 0 and "--dmp-sut" in told.stdout + told.stderr


def test_other_suites_load_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "test_other.py").write_text(
        "import sys\n\n\ndef test_light():\n"
        "    heavy = {'lxml', 'cryptography', 'requests', 'rich', 'dmp_certify.engine'}\n"
        "    assert not heavy & set(sys.modules)\n"
    )
    told = pytest_run(tmp_path, "-q")
    assert "1 passed" in told.stdout, told.stdout
