"""What a sin is: one deliberate fault, entered through the hooks of the product's stages."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmp_certify.finding import Text
from dmp_certify.reference_lps.orders import Endpoint
from dmp_certify.reference_lps.stages import Hook, Stage

# Another test patient, with a valid key.
OTHER_INS = "277076322082910"
INS_OID = "1.2.250.1.213.1.4.10"


@dataclass(frozen=True, slots=True)
class Sin:
    """One deliberate fault.

    `expects` names the checks that must catch it, and no other may. `scenario` is a play in which
    it shows. `hooks` makes the hooks of one process, given the product's state folder.
    """

    name: str
    title: Text
    expects: tuple[str, ...]
    scenario: str
    hooks: Callable[[Path], Mapping[Stage, Hook]]


def at(stage: Stage, *hooks: Hook) -> Callable[[Path], Mapping[Stage, Hook]]:
    """The same hooks whatever the state folder: `hooks` in turn at one stage."""

    def chained(value: Any) -> Any:
        for hook in hooks:
            value = hook(value)
        return value

    return lambda _state: {stage: chained}


def put(**members: Any) -> Hook:
    """Sets members of the value; a callable member is applied to the present one."""

    def hook(value: Any) -> Any:
        for name, member in members.items():
            present = getattr(value, name)
            setattr(value, name, member(present) if callable(member) else member)
        return value

    return hook


def swap(old: bytes, new: bytes) -> Hook:
    """Replaces the first `old` in bytes; the product's messages always hold it."""

    def hook(value: bytes) -> bytes:
        if old not in value:
            raise LookupError(f"the sin finds no {old!r} to replace")
        return value.replace(old, new, 1)

    return hook


def rewrite(pattern: str, replacement: str) -> Hook:
    """Rewrites the first match of a pattern in the document; a LookupError without one."""

    def hook(data: bytes) -> bytes:
        changed, count = re.subn(
            pattern.encode(), replacement.encode(), data, count=1, flags=re.DOTALL
        )
        if not count:
            raise LookupError(f"the sin finds no {pattern!r} in the document")
        return changed

    return hook


def credential(kind: str, name: str) -> Hook:
    """Takes the test PKI's credential `name` for `kind` (auth or sign) instead of the given one.

    Its files lie beside the given ones. A missing one is a LookupError.
    """

    def hook(endpoint: Endpoint) -> Endpoint:
        folder = getattr(endpoint, f"{kind}_certificate").parent
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key.pem"
        if not certificate.exists() or not key.exists():
            raise LookupError(f"the sin needs {certificate} and {key}")
        setattr(endpoint, f"{kind}_certificate", certificate)
        setattr(endpoint, f"{kind}_key", key)
        return endpoint

    return hook


def spoil(digest: str) -> str:
    """A digest in base64 with its first byte changed."""
    data = bytearray(base64.b64decode(digest))
    data[0] ^= 0xFF
    return base64.b64encode(data).decode()
