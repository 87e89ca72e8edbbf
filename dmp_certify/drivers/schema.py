"""The JSON Schema of a product's answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dmp_certify.outcome import DriverOutcome

ANSWER: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Answer of a product to the suite",
    "type": "object",
    "required": ["outcome"],
    "additionalProperties": False,
    "properties": {
        "outcome": {"enum": [str(outcome) for outcome in DriverOutcome]},
        "shown": {"type": "string"},
        "detail": {
            "type": "object",
            "properties": {
                "status": {"enum": ["active", "closed", "absent"]},
                "submission_set": {"type": "string"},
                "documents": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["unique_id"],
                        "properties": {
                            "unique_id": {"type": "string"},
                            "title": {"type": "string"},
                        },
                    },
                },
            },
        },
    },
}
