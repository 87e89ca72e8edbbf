"""The same message in another legal HTTP or MIME framing: no check may tell the difference."""

from __future__ import annotations

import dataclasses
import gzip
from collections.abc import Callable
from functools import cache
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.metamorphic.judging import assert_silent
from tests.metamorphic.wiring import ROOT_CID, Http, Mime, Piece, message, transfer
from tests.support import bases
from tests.support.bases import NS, Base
from tests.support.wounds import build

SETTINGS = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
FEEDING = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
EXISTENCE = "urn:hl7-org:v3:PRPA_IN201307UV02"


@cache
def sealed(name: str) -> Base:
    return build(name, [])


# HTTP


def absolute(line: str) -> str:
    method, target, version = line.split(" ")
    return f"{method} https://dmp.test{target} {version}"


REQUESTS = {
    "lower-case names": Http(names=str.lower),
    "upper-case names": Http(names=str.upper),
    "no space after the colon": Http(separator=":"),
    "tabs and trailing space": Http(separator=":\t ", trailing=" \t"),
    "absolute form": Http(line=absolute),
    "HTTP/1.0": Http(line=lambda line: line.replace("HTTP/1.1", "HTTP/1.0")),
    "other fields": Http(
        extra=[
            ("Expect", "100-continue"),
            ("Accept", "application/soap+xml, multipart/related;q=0.5"),
            ("Accept-Encoding", "gzip, deflate"),
            ("Connection", "keep-alive"),
            ("Cookie", "a=b"),
            ("Cookie", "c=d"),
            ("SOAPAction", '""'),
            ("MIME-Version", "1.0"),
            ("X-Empty", ""),
        ]
    ),
    **{f"order {seed}": Http(order=seed) for seed in range(3)},
    "chunks of a few bytes": Http(chunks=[701, 3, 1]),
    "one great chunk": Http(chunks=[1 << 20]),
    "upper-case sizes": Http(chunks=[0xABC], size=lambda size: f"{size:X}"),
    "sizes with leading zeros": Http(chunks=[1000], size=lambda size: f"{size:012x}"),
    "chunk extensions": Http(chunks=[1000], size=lambda size: f'{size:x};a=b;c="d e; f"'),
    "spaced chunk extensions": Http(chunks=[1000], size=lambda size: f"{size:x} ; a = b"),
    "trailers": Http(chunks=[1000], trailers=b"X-Digest: abc\r\nX-Other: d\r\n"),
    "length with leading zeros": Http(length=lambda size: f"{size:09d}"),
    **{
        f"{coding} body": Http(coding=coding)
        for coding in ("gzip", "x-gzip", "GZIP", "deflate", "identity")
    },
    "gzip in chunks": Http(coding="gzip", chunks=[333]),
}


@pytest.mark.parametrize("name", ["td0_2", "td2_1"])
@pytest.mark.parametrize("http", REQUESTS.values(), ids=REQUESTS)
def test_another_way_to_write_the_request_is_silent(name: str, http: Http) -> None:
    assert_silent(message(sealed(name), http))


@SETTINGS
@given(
    sizes=st.lists(st.integers(1, 9000), min_size=1, max_size=5),
    coding=st.sampled_from(["", "gzip", "deflate"]),
    order=st.integers(0, 99),
)
def test_any_chunking_is_silent(sizes: list[int], coding: str, order: int) -> None:
    # One long chunk now and then, or a body of single bytes makes millions of them.
    http = Http(chunks=[*sizes, 5000], coding=coding, order=order)
    assert_silent(message(sealed("td0_2"), http))


def test_a_gzip_body_of_several_members_is_silent() -> None:
    """RFC 1952 2.2: a gzip file is a series of members."""
    base = sealed("td0_2")
    body = base.envelope
    cut = len(body) // 2
    coded = gzip.compress(body[:cut], mtime=0) + gzip.compress(body[cut:], mtime=0)
    head = (
        f"POST {base.target} HTTP/1.1\r\nHost: dmp.test\r\nContent-Encoding: gzip\r\n"
        f"Content-Type: application/soap+xml\r\nContent-Length: {len(coded)}\r\n\r\n"
    )
    assert_silent(dataclasses.replace(message(base), raw=head.encode() + coded, _views={}))


@pytest.mark.parametrize(
    "content_type",
    [
        "application/soap+xml",
        "Application/SOAP+XML;charset=utf-8",
        f'application/soap+xml; action={EXISTENCE}; charset="utf-8"',
        f'application/soap+xml ; charset=UTF-8 ;action="{EXISTENCE}"',
        "application/soap+xml; charset=utf-8;",
        'application/soap+xml; charset=utf-8; action=""',
        f'application/soap+xml; odd="a\\"b;c"; action="{EXISTENCE}"',
    ],
)
def test_another_spelling_of_the_content_type_is_silent(content_type: str) -> None:
    assert_silent(message(sealed("td0_2"), Http(fields=[("Content-Type", content_type)])))


# MIME


def fields(edit: Callable[[list[tuple[str, str]]], list[tuple[str, str]]]):
    def change(pieces: list[Piece]) -> None:
        for piece in pieces:
            piece.fields = edit(piece.fields)

    return change


def typed(content_type: str, root: bool = False):
    """Another Content-Type on the documents, or on the root."""

    def change(pieces: list[Piece]) -> None:
        for piece in pieces[:1] if root else pieces[1:]:
            piece.fields = [f for f in piece.fields if f[0] != "Content-Type"]
            if content_type:
                piece.fields.append(("Content-Type", content_type))

    return change


def anonymous_root(pieces: list[Piece]) -> None:
    pieces[0].fields = [f for f in pieces[0].fields if f[0] != "Content-ID"]


def stray_part(pieces: list[Piece]) -> None:
    """A part that nothing refers to travels inside the first document's piece of the list."""
    pieces[0].fields.append(("Content-Description", "enveloppe SOAP"))


BOUNDARY = ("boundary", '"MIME_boundary-4c1a2f0b"')
TYPE = ("type", '"application/xop+xml"')
INFO = ("start-info", '"application/soap+xml"')
START = ("start", f'"<{ROOT_CID}>"')
MULTIPARTS = {
    "as it stands": Mime(),
    "boundary without quotes": Mime(
        parameters=[("boundary", "MIME_boundary-4c1a2f0b"), TYPE, START, INFO]
    ),
    "parameters in another order": Mime(
        parameters=[INFO, ("action", f'"{FEEDING}"'), START, ("charset", "utf-8"), TYPE, BOUNDARY]
    ),
    "start without brackets": Mime(parameters=[BOUNDARY, TYPE, ("start", f'"{ROOT_CID}"'), INFO]),
    "no start": Mime(start=False),
    "no start, no Content-ID on the root": Mime(start=False, edit=anonymous_root),
    "action inside start-info": Mime(
        parameters=[
            BOUNDARY,
            TYPE,
            ("start-info", f'"application/soap+xml; action=\\"{FEEDING}\\""'),
        ]
    ),
    "names in another case": Mime(
        spell=lambda value: (
            value.replace("multipart/related", "Multipart/Related")
            .replace("boundary=", "BOUNDARY=")
            .replace("type=", "Type=")
        )
    ),
    "spaced parameters": Mime(spell=lambda value: value.replace("; ", " ;\t ")),
    "line feeds alone": Mime(newline=b"\n"),
    "preamble and epilogue": Mime(
        preamble=b"This is a multi-part message in MIME format.\r\n--not the boundary\r\n\r\n",
        epilogue=b"the end\r\n--x\r\n",
    ),
    "empty line first": Mime(preamble=b"\r\n"),
    "empty lines last": Mime(epilogue=b"\r\n\r\n"),
    "padded boundaries": Mime(padding=b" \t "),
    "root second": Mime(root_at=1),
    "root last": Mime(root_at=3),
    "boundary of every sign": Mime(boundary="----=_Part_'()+_,-./:=?_1"),
    "boundary of 70 signs": Mime(boundary="x" * 70),
    "boundary with a space": Mime(boundary="a b c"),
    "boundary that begins with dashes": Mime(boundary="--------------------------1234"),
    "other fields of the parts": Mime(
        edit=fields(
            lambda held: [
                ("MIME-Version", "1.0"),
                *held,
                ("Content-Description", "un document"),
                ("Content-Location", "doc.xml"),
                ("X-Empty", ""),
            ]
        )
    ),
    "fields of the parts turned over": Mime(edit=fields(lambda held: held[::-1])),
    "fields of the parts in lower case": Mime(
        edit=fields(lambda held: [(name.lower(), value) for name, value in held])
    ),
    "folded fields of the parts": Mime(
        edit=fields(lambda held: [(n, v.replace("; ", ";\r\n\t")) for n, v in held])
    ),
    "documents of unknown type": Mime(edit=typed("application/octet-stream")),
    "documents without type": Mime(edit=typed("")),
    "documents with parameters": Mime(edit=typed('text/xml; charset="utf-8"; name="a;b.xml"')),
    **{
        f"transfer encoding {encoding or 'absent'}": Mime(edit=transfer(encoding))
        for encoding in ("", "8bit", "Binary", "BINARY", "base64", "Base64", "quoted-printable")
    },
    "root type without spaces": Mime(
        edit=typed('application/xop+xml;type="application/soap+xml";charset=utf-8', root=True)
    ),
    "action inside the root's type": Mime(
        edit=typed(
            'Application/XOP+XML; charset="utf-8"; '
            f'type="application/soap+xml;action=\\"{FEEDING}\\""',
            root=True,
        )
    ),
    "described root": Mime(edit=stray_part),
}


@pytest.mark.parametrize("mime", MULTIPARTS.values(), ids=MULTIPARTS)
def test_another_way_to_write_the_multipart_is_silent(mime: Mime) -> None:
    assert_silent(message(sealed("td2_1_lot2"), mime=mime))


def test_the_order_of_the_documents_parts_is_free() -> None:
    base = build("td2_1_lot2", [])
    base.parts.reverse()
    assert_silent(message(base))


def test_a_part_that_nothing_names_is_silent() -> None:
    base = build("td2_1", [])
    base.parts.insert(1, bases.Part("note", b"a note", "note@lps.test", "text/plain", ""))
    assert_silent(message(base))


def _named_anew(base: Base, name: Callable[[str], str], spell: Callable[[str], str]) -> Base:
    root = etree.fromstring(base.envelope)
    for include in root.iterfind(".//xop:Include", NS):
        part = next(p for p in base.parts if include.get("href") == f"cid:{p.cid}")
        part.cid = name(part.entry)
        include.set("href", spell(part.cid))
    base.envelope = etree.tostring(root)
    bases.seal(base)
    return base


@pytest.mark.parametrize(
    ("name", "spell"),
    [
        (lambda entry: f"{entry}@lps.test", lambda cid: "cid:" + cid.replace("@", "%40")),
        (lambda entry: f"{entry}@lps.test", lambda cid: "CID:" + cid),
        (
            lambda entry: f"http://tempuri.org/1/{entry}",
            lambda cid: "cid:" + quote(cid, safe=""),
        ),
        (lambda entry: f"http://tempuri.org/1/{entry}", lambda cid: f"cid:{cid}"),
        (lambda entry: f"{entry}+a%b=?@x", lambda cid: "cid:" + quote(cid, safe="+=?@")),
        (lambda entry: f"{entry}-0A.é@x", lambda cid: "cid:" + quote(cid)),
    ],
    ids=["percent", "scheme", "url", "bare-url", "signs", "utf-8"],
)
def test_another_spelling_of_the_content_ids_is_silent(
    name: Callable[[str], str], spell: Callable[[str], str]
) -> None:
    assert_silent(message(_named_anew(bases.load("td2_1_lot2"), name, spell)))


# Encodings: XML 1.0 4.3.3, RFC 7303 3.2.


@pytest.mark.parametrize(
    ("declaration", "encoding", "parameter"),
    [
        ("ISO-8859-1", "latin-1", "; charset=ISO-8859-1"),
        ("ISO-8859-1", "latin-1", ""),
        ("windows-1252", "cp1252", "; charset=windows-1252"),
        ("", "latin-1", "; charset=ISO-8859-1"),
        ("", "utf-16", "; charset=utf-16"),
        ("UTF-16", "utf-16", ""),
        ("", "utf-8-sig", ""),
        ("", "utf-8", "; charset=none-that-is-known"),
    ],
)
def test_another_encoding_is_silent(declaration: str, encoding: str, parameter: str) -> None:
    base = build("td0_2", [])
    text = etree.tostring(etree.fromstring(base.envelope), encoding="unicode")
    said = f"<?xml version='1.0' encoding='{declaration}'?>" if declaration else ""
    base.envelope = (said + text).encode(encoding)
    fields = [("Content-Type", f"application/soap+xml{parameter}")]
    assert_silent(message(base, Http(fields=fields)))
