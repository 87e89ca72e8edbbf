"""The last words of a run: the ruling, what to correct, and where the report is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TextIO

from dmp_certify.finding import Text

if TYPE_CHECKING:
    from dmp_certify.report.deliver import Delivery

_SHOWN = 12
_SILENT = 3
_GRAVITY = ("VOID", "NOT_MET", "DEVIATION", "NOT_DEMONSTRATED")
_VERDICTS = {
    "MET": Text("satisfaites", "met"),
    "NOT_MET": Text("non satisfaites", "not met"),
    "DEVIATION": Text("écarts", "deviations"),
    "NOT_DEMONSTRATED": Text("non démontrées", "not demonstrated"),
    "NOT_APPLICABLE": Text("non applicables", "not applicable"),
    "VOID": Text("nulles", "void"),
}
_EXPECTED = Text("attendu :", "expected:")
_OBSERVED = Text("observé :", "observed:")
_MORE = Text("… et {} autres, dans report.html", "… and {} more, in report.html")


def summarise(delivery: Delivery, lang: str, stream: TextIO) -> None:
    """Print the outcome of a run: what is not met first, the ruling and the files last."""
    report = delivery.report
    for line in _lines(report, lang):
        print(line, file=stream)
    counts = ", ".join(
        f"{report['counts'][name]} {getattr(text, lang)}"
        for name, text in _VERDICTS.items()
        if report["counts"][name]
    )
    product = report["product"]
    print(f"\n{product['name']} {product['version']} – {report['profile']['id']}", file=stream)
    print(f"{delivery.ruling}  ({counts})", file=stream)
    for path in delivery.files.values():
        print(f"  {path}", file=stream)


def _lines(report: Mapping[str, Any], lang: str) -> Iterator[str]:
    rows = [row for row in report["requirements"] if row["verdict"] in _GRAVITY]
    rows.sort(key=lambda row: _GRAVITY.index(row["verdict"]))
    # What nothing exercised has one reason, which the progress gave: a few stand for all.
    silent = [row for row in rows if row["cause"] == "not-exercised"]
    shown = [row for row in rows if row not in silent[_SILENT:]][:_SHOWN]
    for row in shown:
        yield f"{row['verdict']:<17}{row['id']}: {row['title'][lang]}"
        yield from _because(report, row, lang)
    if len(rows) > len(shown):
        yield getattr(_MORE, lang).format(len(rows) - len(shown))
    crashed = [each for each in report["findings"] if each["outcome"] == "CRASHED"]
    for finding in crashed[:_SHOWN]:
        last = finding["observed"][lang].strip().splitlines()[-1:]
        yield f"CRASHED          {finding['check']} {finding['exchange']}: {' '.join(last)}"


def _because(report: Mapping[str, Any], row: Mapping[str, Any], lang: str) -> Iterator[str]:
    failed = [
        each
        for each in report["findings"]
        if each["outcome"] in ("FAIL", "BLOCKED") and row["id"] in each["requirement_ids"]
    ]
    for finding in failed[:2]:
        place = finding["place"]
        line = f":{place['line']}" if place["line"] else ""
        yield f"    {finding['check']}  {place['artifact']}{line} {place['path']}"
        yield f"      {getattr(_EXPECTED, lang)} {finding['expected'][lang][:160]}"
        yield f"      {getattr(_OBSERVED, lang)} {finding['observed'][lang][:160]}"
