"""The same submission as other products write it: nothing that the norm leaves free is a fault."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lxml import etree

from dmp_certify.checks import load_all
from dmp_certify.engine.judge import judge_messages
from dmp_certify.outcome import Outcome
from dmp_certify.wire.subjects import declare_readers
from tests.support import bases
from tests.support.bases import Base

declare_readers()
LAYERS = ("xds", "coherence", "hl7v3", "workflow", "soap", "signature")
CHECKS = [check for check in load_all() if check.layer in LAYERS]
UUIDS = {
    "Document01": "urn:uuid:11111111-1111-4111-8111-111111111111",
    "Signature01": "urn:uuid:22222222-2222-4222-8222-222222222222",
    "SubmissionSet01": "urn:uuid:33333333-3333-4333-8333-333333333333",
}


def entry_uuids(base: Base) -> None:
    """entryUUIDs instead of symbolic ids."""
    text = base.envelope.decode()
    for name, uuid in UUIDS.items():
        text = text.replace(f'"{name}"', f'"{uuid}"')
    base.envelope = text.encode()
    for part in base.parts:
        part.entry = UUIDS[part.entry]


def other_prefixes(base: Base) -> None:
    """The prefixes that a generator numbers."""
    for old, new in (("rim", "ns4"), ("lcm", "ns3"), ("xdsb", "ns2"), ("soap", "S"), ("wsa", "a")):
        text = base.envelope.decode()
        text = re.sub(rf"(</?){old}:", rf"\1{new}:", text)
        text = text.replace(f"xmlns:{old}=", f"xmlns:{new}=").replace(
            f" {old}:must", f" {new}:must"
        )
        base.envelope = text.encode()


def default_namespaces(base: Base) -> None:
    """ebRIM under a default namespace."""
    text = base.envelope.decode()
    text = re.sub(r"(</?)rim:", r"\1", text).replace("xmlns:rim=", "xmlns=")
    base.envelope = text.encode()


def one_line(base: Base) -> None:
    """No white space between elements."""
    base.envelope = re.sub(rb">\s+<", b"><", base.envelope)


def spread_out(base: Base) -> None:
    """White space around every value."""
    base.envelope = base.envelope.replace(b"<rim:Value>", b"<rim:Value>\n   ").replace(
        b"</rim:Value>", b"\n   </rim:Value>"
    )


def associations_first(base: Base) -> None:
    """The objects of the list in another order."""
    root = etree.fromstring(base.envelope)
    listed = root.find(".//rim:RegistryObjectList", bases.NS)
    assert listed is not None
    listed[:] = list(reversed(listed))
    base.envelope = etree.tostring(root)


def bare_names(base: Base) -> None:
    """Neither charset nor language on names, no objectType on classifications."""
    text = base.envelope.decode().replace(' xml:lang="FR" charset="UTF8"', "")
    kinds = "(Classification|ExternalIdentifier|Association)"
    text = re.sub(rf' objectType="urn:oasis:[^"]*RegistryObject:{kinds}"', "", text)
    base.envelope = text.encode()


def with_comments(base: Base) -> None:
    """Comments and processing instructions between elements."""
    base.envelope = base.envelope.replace(b"<rim:Name>", b"<!-- title --><?x y?><rim:Name>")


SHAPES: list[Callable[[Base], None]] = [
    entry_uuids,
    other_prefixes,
    default_namespaces,
    one_line,
    spread_out,
    associations_first,
    bare_names,
    with_comments,
]


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.__name__ for shape in SHAPES])
def test_another_shape_is_no_fault(shape: Callable[[Base], None]) -> None:
    base = bases.load("td2_1")
    shape(base)
    bases.seal(base)
    found = judge_messages((bases.message(base),), CHECKS)
    told = [(one.check, one.observed.en) for one in found if one.outcome is not Outcome.PASS]
    assert not told, told
    assert {"xds.schema-invalid", "coherence.attribute-differs"} <= {one.check for one in found}
