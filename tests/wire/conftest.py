"""What the tests of the views share: messages of the fixtures, and messages made of raw bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from dmp_certify.wire.message import Message
from dmp_certify.wire.subjects import declare_readers
from tests.support import bases
from tests.support.wounds import build

declare_readers()


@pytest.fixture
def raw() -> Callable[..., Message]:
    """A message made of bytes: `raw(data, kind="http")`."""

    def make(data: bytes, kind: str = "http", **fields: Any) -> Message:
        return Message("m", kind, data, bases.RECEIVED_AT, **fields)

    return make


@pytest.fixture
def wounded() -> Callable[..., Message]:
    """A message of the fixtures with wounds: `wounded("td0_2", {...}, ...)`."""

    def make(base: str, *wounds: Mapping[str, Any], resign: bool = True) -> Message:
        return bases.message(build(base, [dict(one) for one in wounds], resign))

    return make
