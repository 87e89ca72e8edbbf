"""The named stages of the product's work, and the only door through which a sin may enter.

The product hands each value it has made to `Stages.at` and goes on with what comes back. Without
hooks every value comes back untouched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")


class Stage(StrEnum):
    """What is handed over at each stage, in the order of the work."""

    CREDENTIALS = "credentials"  # orders.Endpoint: which certificates are used for what
    VIHF = "vihf"  # vihf.Vihf, before it is signed
    VIHF_BYTES = "vihf-bytes"  # the signed assertion
    QUERY = "query"  # existence.Query of TD0.2
    CDA = "cda"  # document.Header of one document, before it is written
    CDA_BYTES = "cda-bytes"  # one document as written
    ENTRY = "entry"  # metadata.Entry of one document
    SUBMISSION = "submission"  # metadata.Submission: the whole lot
    MANIFEST = "manifest"  # lotsign.Manifest, before it is signed
    LOT_SIGNATURE = "lot-signature"  # the signature document as written
    METADATA = "metadata"  # the SubmitObjectsRequest as written
    ENVELOPE = "envelope"  # soap.Envelope, before it is written
    PACKAGE = "package"  # mtom.Package, before it is written
    REQUEST = "request"  # soap.Request: the HTTP request as sent
    REPLY = "reply"  # answers.Reply: how the DMP's answer was understood
    OUTCOME = "outcome"  # orders.Result: what the user is told
    RETRY = "retry"  # str | None: the kept lot that a retry will send, if any
    SEARCHES = "searches"  # list[str]: uniqueIds to look up once a lot is accepted; none
    SENDINGS = "sendings"  # list[list[pieces.Piece]]: the lots to send, one after the other


Hook = Callable[[Any], Any]


class Stages:
    """Passes values through the hooks of one sin, if any."""

    def __init__(self, hooks: Mapping[Stage, Hook] | None = None) -> None:
        self._hooks = dict(hooks or {})

    def at(self, stage: Stage, value: T) -> T:
        """`value`, or what the hook of this stage makes of it."""
        hook = self._hooks.get(stage)
        if hook is None:
            return value
        changed: T = hook(value)
        return changed
