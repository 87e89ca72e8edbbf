"""What a bulk run says at its end: by rule and by source system."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MOST_SOURCES = 2000
"""Sources counted apart; the rest go under `…`, so that memory stays bounded."""


@dataclass
class Summary:
    """Counts only: its size does not grow with the number of documents."""

    verdicts: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    grave: Counter[str] = field(default_factory=Counter)
    sources: dict[str, Counter[str]] = field(default_factory=dict)
    bytes: int = 0

    def add(self, line: dict[str, Any]) -> None:
        """Count one result line."""
        verdict = str(line["verdict"])
        self.verdicts[verdict] += 1
        self.bytes += int(line.get("bytes", 0))
        rules = line.get("rules") or {}
        self.rules.update(list(rules))
        self.grave.update([name for name, each in rules.items() if each.get("grave", True)])
        name = _source_name(line.get("source") or {})
        if name not in self.sources and len(self.sources) >= MOST_SOURCES:
            name = "…"
        self.sources.setdefault(name, Counter())[verdict] += 1

    @property
    def total(self) -> int:
        return sum(self.verdicts.values())

    @property
    def conforming(self) -> bool:
        """Whether there is at least one document and every one conforms."""
        return self.total > 0 and self.verdicts["conforming"] == self.total

    def as_json(self) -> dict[str, Any]:
        """The summary for machines; `rules` counts documents, most frequent first, and `grave`
        those of them that each rule keeps from conforming."""
        return {
            "documents": self.total,
            "bytes": self.bytes,
            "verdicts": dict(self.verdicts.most_common()),
            "rules": dict(self.rules.most_common()),
            "grave": dict(self.grave.most_common()),
            "sources": {
                name: dict(counts)
                for name, counts in sorted(
                    self.sources.items(), key=lambda item: (-sum(item[1].values()), item[0])
                )
            },
        }


def _source_name(source: dict[str, str]) -> str:
    named = [source[key] for key in ("institution", "software") if source.get(key)]
    return " / ".join(named) or source.get("custodian", "?")
