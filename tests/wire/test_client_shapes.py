"""One correct feeding in the ways that SOAP stacks of the field write MTOM: no check objects."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from dmp_certify.checks import load_all
from dmp_certify.engine.judge import judge_messages
from dmp_certify.outcome import Outcome
from dmp_certify.wire.message import Message
from tests.support import bases
from tests.support.wounds import build

CHECKS = load_all()
SOAP = "application/soap+xml"


@dataclass(frozen=True)
class Style:
    """How a stack writes a multipart. `{action}`, `{root}`, `{boundary}` are filled in."""

    content_type: str
    root_type: str
    boundary: str
    root: str = "root@stack.invalid"
    cid: str = "{name}@stack.invalid"
    encoding: str = "binary"
    line: bytes = b"\r\n"
    quoted_cid: bool = False
    leading_line: bool = False
    framing: str = "length"
    expect_continue: bool = False


STYLES = {
    "wcf": Style(
        'multipart/related; type="application/xop+xml";start="<{root}>";boundary="{boundary}";'
        'start-info="application/soap+xml"',
        f'application/xop+xml;charset=utf-8;type="{SOAP}"',
        "uuid:6b1d6a6e-9c2c-4b4b-8f5a-4c6d2f0a8b77+id=1",
        root="http://tempuri.org/0",
        cid="http://tempuri.org/1/{name}",
        encoding="8bit",
        quoted_cid=True,
        leading_line=True,
        framing="chunked",
        expect_continue=True,
    ),
    "cxf": Style(
        'multipart/related; type="application/xop+xml"; boundary="{boundary}"; start="<{root}>"; '
        'start-info="application/soap+xml"; action="{action}"',
        f'application/xop+xml; charset=UTF-8; type="{SOAP}"; action="{{action}}"',
        "uuid:1d2e3f40-5566-4788-99aa-bbccddeeff00",
        leading_line=True,
        framing="chunked",
    ),
    "axis2": Style(
        'multipart/related; boundary={boundary}; type="application/xop+xml"; start="<{root}>"; '
        'start-info="application/soap+xml"; action="{action}"',
        f'application/xop+xml; charset=UTF-8; type="{SOAP}"',
        "MIMEBoundary_0123456789abcdef",
        root="0.urn:uuid:aa@apache.invalid",
        cid="{name}.urn:uuid:bb@apache.invalid",
    ),
    "metro": Style(
        'multipart/related;start="<{root}>";type="application/xop+xml";boundary="{boundary}";'
        'start-info="application/soap+xml;action=\\"{action}\\""',
        f'application/xop+xml;charset=utf-8;type="{SOAP};action=\\"{{action}}\\""',
        "uuid:0a0b0c0d-0e0f-4101-9234-567890abcdef",
        root="rootpart*0a0b@stack.invalid",
        leading_line=True,
    ),
    "gsoap": Style(
        'multipart/related; charset=utf-8; boundary="{boundary}"; type="application/xop+xml"; '
        'start="<{root}>"; start-info="application/soap+xml; charset=utf-8"; action="{action}"',
        f"application/xop+xml; charset=utf-8; type={SOAP}",
        "==a1b2c3==",
        root="SOAP-ENV:Envelope",
        cid="id-{name}",
    ),
    "by-hand-with-line-feeds": Style(
        "Multipart/Related; Boundary=b; Type=application/xop+xml; start-info=application/soap+xml",
        f"Application/XOP+XML; type={SOAP}",
        "b",
        line=b"\n",
        framing="gzip",
    ),
}


def assemble(style: Style) -> bytes:
    base = build("td2_1", [])
    action = base.action
    cids = {part.name: style.cid.format(name=part.name) for part in base.parts}
    envelope = base.envelope
    for part in base.parts:
        written = quote(cids[part.name], safe="") if style.quoted_cid else cids[part.name]
        envelope = envelope.replace(f"cid:{part.cid}".encode(), f"cid:{written}".encode())
    fill = {"action": action, "root": style.root, "boundary": style.boundary}
    pieces = [(style.root_type.replace("{action}", action), style.root, envelope)]
    pieces += [(part.type, cids[part.name], part.data) for part in base.parts]
    end = style.line
    body = end if style.leading_line else b""
    for kind, cid, data in pieces:
        head = (
            f"--{style.boundary}",
            f"Content-ID: <{cid}>",
            f"Content-Transfer-Encoding: {style.encoding}",
            f"Content-Type: {kind}",
        )
        body += end.join(line.encode() for line in head) + end + end + data + end
    body += f"--{style.boundary}--".encode() + end
    content_type = style.content_type
    for name, value in fill.items():
        content_type = content_type.replace("{" + name + "}", value)
    return frame(style, content_type, body)


def frame(style: Style, content_type: str, body: bytes) -> bytes:
    fields = ["POST /si-dmp-server/v2/services/repository HTTP/1.1", "Host: dmp.test"]
    fields.append(f"Content-Type: {content_type}")
    if style.expect_continue:
        fields.append("Expect: 100-continue")
    if style.framing == "chunked":
        fields.append("Transfer-Encoding: chunked")
        cut = [body[at : at + 4096] for at in range(0, len(body), 4096)]
        body = b"".join(f"{len(one):x}\r\n".encode() + one + b"\r\n" for one in cut) + b"0\r\n\r\n"
    else:
        if style.framing == "gzip":
            fields.append("Content-Encoding: gzip")
            body = gzip.compress(body, mtime=0)
        fields.append(f"Content-Length: {len(body)}")
    return "\r\n".join(fields).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize("name", STYLES)
def test_no_check_objects(name: str) -> None:
    base = bases.message(build("td2_1", []))
    message = Message(
        base.artifact,
        "http",
        assemble(STYLES[name]),
        base.received_at,
        exchange="0001",
        tls=base.tls,
        trust=base.trust,
        product=base.product,
        conformance=base.conformance,
    )
    found = judge_messages((message,), CHECKS)
    said = [one for one in found if one.outcome is not Outcome.PASS]
    assert not said, [(one.check, one.place.path, one.observed.en[-300:]) for one in said]
    assert {"transport.mtom-type-wrong", "vihf.signature-invalid"} <= {one.check for one in found}
