"""What every picture says of the product and of the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dmp_certify.finding import Text
from dmp_certify.report.render import words


def product_facts(report: Mapping[str, Any]) -> list[tuple[Text, list[str | Text]]]:
    """What the report says of the product: label and lines."""
    product = report["product"]
    seen = product["seen_on_wire"]
    software = [
        " ".join(filter(None, (each["name"], each["version"], each["approval_id"])))
        for each in seen["software"]
    ]
    return [
        (words.VENDOR, [product["vendor"]]),
        (words.SOFTWARE, [product["name"]]),
        (words.VERSION, [product["version"]]),
        (words.APPROVAL, [product["approval_id"]]),
        (words.ON_WIRE, software),
        (words.ON_TLS, [f"{each['version']} {each['cipher']}".strip() for each in seen["tls"]]),
        (words.CLIENT_CERTIFICATE, [each["subject"] for each in seen["client_certificates"]]),
    ]


def run_facts(report: Mapping[str, Any]) -> list[tuple[Text, list[str | Text]]]:
    """What the report says of the run: label and lines."""
    run, profile = report["run"], report["profile"]
    return [
        (words.PROFILE, [f"{profile['id']} {profile['edition']}"]),
        (words.RUN_ID, [run["id"]]),
        (words.PERIOD, [moment(run["started"]), moment(run["ended"])]),
        (words.SEED, [str(run["seed"])]),
        (words.TRAFFIC, [words.traffic(run)]),
        (words.SCENARIOS, [_scenarios(run, "ended")]),
        (words.SKIPPED, [_scenarios(run, "skipped")]),
        (words.SUITE, [f"dmp-certify {report['suite']['version']}"]),
        (words.PACK, [_pack(run["pack"])]),
    ]


def _pack(pinned: Mapping[str, str] | None) -> str | Text:
    if pinned is None:
        return words.CORE_ALONE
    return f"core + {pinned['name']} ({pinned['digest'][:16]})"


def _scenarios(run: Mapping[str, Any], state: str) -> str:
    return ", ".join(each["id"] for each in run["scenarios"] if each["state"] == state)


def moment(instant: str) -> str:
    """An instant to the second, as a reader expects it."""
    return f"{instant[:10]} {instant[11:19]} UTC"
