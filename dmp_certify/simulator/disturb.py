"""Named disturbances: what the simulated DMP does wrong, once, on purpose.

| name | parameters | what happens |
|---|---|---|
| `refuse` | `error_code`, `word` | the transaction's own refusal; the world does not change |
| `soap-fault` | `code`, `word`, `status` | a SOAP fault with this subcode |
| `http-503` | `word`, `retry_after` | HTTP 503 with a short text |
| `not-soap` | `word` | HTTP 200 with an HTML page |
| `close-connection` | | the connection closes without an answer; nothing was done |
| `lost-answer` | | the request is carried out, but its answer never arrives |
| `truncated-answer` | | the request is carried out, half of the answer arrives |
| `slow` | `seconds` | the answer waits |

`word` is the random word that a screen must show. Each takes `endpoint` (`patients`,
`repository`, `registry`) to wait for the next exchange of that transaction only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dmp_certify.errors import ConfigurationError
from dmp_certify.simulator import soap
from dmp_certify.simulator.soap import Answer, Message, SoapFault

_DEFAULTS: dict[str, dict[str, Any]] = {
    "refuse": {"error_code": "", "word": ""},
    "soap-fault": {"code": "DMPInvalidCertificate", "word": "", "status": 500},
    "http-503": {"word": "", "retry_after": 1},
    "not-soap": {"word": ""},
    "close-connection": {},
    "lost-answer": {},
    "truncated-answer": {},
    "slow": {"seconds": 2.0},
}
NAMES = tuple(_DEFAULTS)
# What a DMP answers in place of the transaction; the others let the transaction run.
_INSTEAD = frozenset({"refuse", "soap-fault", "http-503", "not-soap", "close-connection"})

_CUTTING = frozenset({"close-connection", "lost-answer", "truncated-answer"})


@dataclass(frozen=True, slots=True)
class Disturbance:
    """One disturbance that waits for its exchange."""

    name: str
    parameters: dict[str, Any]
    endpoint: str = ""

    @property
    def refuses(self) -> bool:
        """Whether the transaction is not carried out."""
        return self.name in _INSTEAD

    @property
    def cuts(self) -> bool:
        """Whether the answer does not arrive whole."""
        return self.name in _CUTTING

    @property
    def seconds(self) -> float:
        """How long the answer waits."""
        return float(self.parameters.get("seconds", 0.0))

    def refusal(self, message: Message, refuse: Callable[[Message, str, str], Answer]) -> Answer:
        """The answer that stands in place of the transaction's."""
        word = str(self.parameters.get("word", ""))
        if self.name == "refuse":
            return refuse(message, str(self.parameters["error_code"]), word)
        if self.name == "soap-fault":
            text = f"Demande refusée par le DMP : {word}".rstrip(" :")
            status = int(self.parameters["status"])
            return soap.fault(SoapFault(str(self.parameters["code"]), text, status), message)
        if self.name == "http-503":
            headers = (
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Retry-After", str(self.parameters["retry_after"])),
            )
            return Answer(503, headers, f"Service indisponible {word}".strip().encode())
        if self.name == "not-soap":
            page = f"<!DOCTYPE html><html lang=fr><title>Portail</title><p>{word}</html>"
            return Answer(200, (("Content-Type", "text/html; charset=utf-8"),), page.encode())
        return Answer(0, (), b"")

    def cut(self, raw: bytes) -> bytes:
        """What really leaves of the answer `raw`."""
        if self.name in ("close-connection", "lost-answer"):
            return b""
        if self.name == "truncated-answer":
            return raw[: len(raw) // 2]
        return raw


def named(name: str, parameters: dict[str, Any]) -> Disturbance:
    """The disturbance `name`. Raises ConfigurationError on an unknown name or parameter."""
    if name not in _DEFAULTS:
        raise ConfigurationError(f"no disturbance {name!r}; known: {', '.join(NAMES)}")
    given = dict(parameters)
    endpoint = str(given.pop("endpoint", ""))
    unknown = sorted(set(given) - set(_DEFAULTS[name]))
    if unknown or endpoint not in ("", "patients", "repository", "registry"):
        raise ConfigurationError(
            f"disturbance {name!r}: cannot take {unknown or endpoint!r}; it knows "
            f"{', '.join(('endpoint', *_DEFAULTS[name]))}"
        )
    return Disturbance(name, {**_DEFAULTS[name], **given}, endpoint)
