"""The deliberate faults of the reference product, by name: one fault each."""

from __future__ import annotations

from collections.abc import Mapping

from dmp_certify.reference_lps.sins import (
    assertion,
    body,
    certificates,
    document,
    entry,
    lot,
    seal,
    transport,
    workflow,
)
from dmp_certify.reference_lps.sins.sin import Sin

SINS: Mapping[str, Sin] = {
    sin.name: sin
    for module in (
        certificates,
        transport,
        assertion,
        lot,
        entry,
        seal,
        document,
        body,
        workflow,
    )
    for sin in module.SINS
}

__all__ = ["SINS", "Sin"]
