"""Requests damaged at random, from a seed: bytes of the wire, and the tree of the XML below it."""

from __future__ import annotations

import contextlib
import random

from lxml import etree

from tests.support import bases
from tests.support.bases import Base

HOSTILE_VALUES = (
    *("", " ", "\u00a0", "0", "-1", "9" * 80, "NaN", "^", "^^^&&", "^^^&1.2&ISO^", "|", "~", "\\"),
    *("1.2.", ".1", "2.99999999999999999999.1", "urn:uuid:", "urn:oid:", "#", "#a(b)", "cid:"),
    *("99999999", "20261332", "00000101", "20260230120000", "20261120101500+9999", "+0100"),
    *("2026-99-99T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "AA==", "=", "é" * 9),
    *("\U0001f489", "{", "%", "%00", "%zz", "a:b", "xs:string", "http://", "CN=", "CN=a,,=", "/C="),
)
PIECES = (
    *(b"", b"\0", b"\r\n", b"\n\n", b"\r\n\r\n", b"--", b"<", b">", b"&", b"]]>", b"<!--", b"<?"),
    *(b"\xff", b"\xc3", b"\xef\xbb\xbf", b"<![CDATA[", b"<!DOCTYPE a>", b"0\r\n\r\n", b"ffffffff"),
    *(b"Content-Length: 0\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n"),
)


def damaged_bytes(raw: bytes, seed: int) -> bytes:
    """Flips, deletions, doublings, insertions and cuts; half of them fall into the head."""
    rng = random.Random(seed)
    data = bytearray(raw)
    for _ in range(rng.randint(1, 6)):
        reach = min(len(data), 1500) if rng.random() < 0.5 else len(data)
        if not reach:
            break
        at, length = rng.randrange(reach), rng.choice([1, 2, 7, 40, 400])
        kind = rng.choice(["flip", "delete", "double", "insert", "cut", "swap"])
        if kind == "flip":
            data[at] ^= 1 << rng.randrange(8)
        elif kind == "delete":
            del data[at : at + length]
        elif kind == "double":
            data[at:at] = data[at : at + length]
        elif kind == "insert":
            data[at:at] = rng.choice(PIECES)
        elif kind == "swap":
            other = rng.randrange(len(data))
            data[at : at + length] = data[other : other + length]
        elif rng.random() < 0.3:
            del data[at:]
    return bytes(data)


def damaged_tree(name: str, seed: int) -> Base:
    """The base with elements, attributes and texts of one of its documents damaged, then sealed as
    far as it can be."""
    rng = random.Random(seed)
    base = bases.load(name)
    where = rng.choice([*(["envelope"] if base.envelope else []), *(p.name for p in base.parts)])
    root = etree.fromstring(base.get(where))
    for _ in range(rng.randint(1, 4)):
        _damage(rng, root)
    base.put(where, etree.tostring(root))
    # What cannot be signed any more is sent as it stands.
    with contextlib.suppress(Exception):
        bases.seal(base)
    return base


def _damage(rng: random.Random, root: etree._Element) -> None:
    nodes = [node for node in root.iter(etree.Element) if node is not root]
    if not nodes:
        return
    node, other = rng.choice(nodes), rng.choice(nodes)
    kind = rng.choice(["remove", "double", "move", "rename", "attribute", "value", "text", "empty"])
    parent = node.getparent()
    if kind == "remove":
        parent.remove(node)
    elif kind == "double":
        node.addnext(etree.fromstring(etree.tostring(node, with_tail=False)))
    elif kind == "move" and node is not other and node not in other.iterancestors():
        other.append(node)
    elif kind == "rename":
        node.tag = rng.choice([other.tag, "x", "{urn:x}y"])
    elif kind == "attribute" and node.attrib:
        node.attrib.pop(rng.choice(sorted(node.attrib)))
    elif kind == "value":
        names = sorted(node.attrib) or ["value"]
        node.set(rng.choice(names), rng.choice(HOSTILE_VALUES))
    elif kind == "text":
        node.text = rng.choice(HOSTILE_VALUES)
    elif kind == "empty":
        node.clear()
