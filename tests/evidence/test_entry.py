"""Lines are RFC 8785, whichever way they are written."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp_certify.errors import EvidenceError
from dmp_certify.evidence.entry import decode, encode

_scalar = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text() | st.floats()
_value = st.recursive(
    _scalar, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@given(st.dictionaries(st.text(), _value))
@settings(max_examples=300, deadline=None)
def test_the_short_way_writes_what_the_long_way_does(fields: dict[str, object]) -> None:
    fields = {f"f{name}": item for name, item in fields.items()}
    envelope = {"seq": 1, "prev": "0" * 64, "at": "2026-01-01T00:00:00.000000Z", "kind": "k"}
    try:
        expected = rfc8785.dumps({**envelope, **fields})  # type: ignore[dict-item]
    except rfc8785.CanonicalizationError:
        with pytest.raises(EvidenceError, match="canonical JSON"):
            encode(1, "0" * 64, envelope["at"], "k", fields)  # type: ignore[arg-type]
        return
    line = encode(1, "0" * 64, envelope["at"], "k", fields)  # type: ignore[arg-type]
    assert line == expected
    assert decode(line, 1).kind == "k"
