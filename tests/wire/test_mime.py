"""Multiparts, in the many forms that stacks write."""

from __future__ import annotations

import time

import pytest

from dmp_certify.finding import Place
from dmp_certify.wire.headers import parse_media_type
from dmp_certify.wire.message import Unreadable
from dmp_certify.wire.mime import Multipart, cid_of, split

PLAIN = b"--b\r\nContent-ID: <a>\r\n\r\none\r\n--b\r\nContent-ID: <c>\r\n\r\ntwo\r\n--b--\r\n"


def cut(body: bytes, content_type: str = "multipart/related; boundary=b") -> Multipart:
    return split(body, parse_media_type(content_type), Place("m", "Content-Type"), "m")


def data(found: Multipart) -> list[bytes]:
    return [part.data for part in found.parts]


@pytest.mark.parametrize(
    "body",
    [
        PLAIN,
        PLAIN.replace(b"\r\n", b"\n"),
        b"prologue\r\n" + PLAIN + b"epilogue --b--",
        b"\r\n" + PLAIN,
        PLAIN.replace(b"--b\r\n", b"--b \t\r\n"),
        PLAIN[:-2],
    ],
    ids=["crlf", "lf", "prologue", "leading-line", "padding", "no-last-line-end"],
)
def test_parts_are_cut_alike(body):
    found = cut(body)
    assert data(found) == [b"one", b"two"]
    assert found.problems == ()
    assert [part.artifact for part in found.parts] == ["m/part/1", "m/part/2"]


def test_a_longer_boundary_in_the_content_is_no_delimiter():
    body = PLAIN.replace(b"one", b"one\r\n--bb\r\n--b x\r\nmore")
    assert data(cut(body)) == [b"one\r\n--bb\r\n--b x\r\nmore", b"two"]


def test_line_ends_of_the_content_are_kept():
    assert data(cut(PLAIN.replace(b"one", b"\r\none\r\n\n")))[0] == b"\r\none\r\n\n"


def test_a_part_without_fields_begins_with_an_empty_line():
    assert data(cut(b"--b\r\n\r\none\r\n--b--")) == [b"one"]


def test_start_names_the_root_with_or_without_brackets():
    for start in ("<c>", "c"):
        found = cut(PLAIN, f'multipart/related; boundary="b"; start="{start}"')
        assert found.sound_root().data == b"two"


@pytest.mark.parametrize(
    ("encoding", "written"), [("base64", b"b25l"), ("quoted-printable", b"o=6Ee"), ("8bit", b"one")]
)
def test_transfer_encodings_are_decoded(encoding, written):
    field = f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    assert data(cut(b"--b\r\n" + field + written + b"\r\n--b--")) == [b"one"]


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (PLAIN, "multipart/related", "no-boundary"),
        (PLAIN, "multipart/related; boundary=c", "wrong-boundary"),
        (b"", "multipart/related; boundary=b", "wrong-boundary"),
        (PLAIN[: PLAIN.index(b"--b--")], "multipart/related; boundary=b", "unclosed"),
        (PLAIN[:40], "multipart/related; boundary=b", "unclosed"),
        (b"--b\r\nContent-ID: <a>\r\n--b--", "multipart/related; boundary=b", "no-header-end"),
        (PLAIN, "multipart/related; boundary=b; start=x", "no-root"),
    ],
)
def test_what_does_not_hold_together_is_told(body, content_type, code):
    found = cut(body, content_type)
    assert code in [problem.code for problem in found.problems]
    if found.root is None:
        with pytest.raises(Unreadable):
            found.sound_root()


def test_captured_files_need_no_http(raw):
    with_fields = raw(b"Content-Type: multipart/related; boundary=b\r\n\r\n" + PLAIN, "mime")
    bare = raw(PLAIN, "mime")
    for message in (with_fields, bare):
        assert data(message.view(Multipart)) == [b"one", b"two"]
    assert with_fields.view(Multipart).declared and not bare.view(Multipart).declared
    with pytest.raises(Unreadable):
        raw(b"nothing of the kind", "mime").views(Multipart)


@pytest.mark.parametrize(
    ("href", "cid"),
    [("cid:a@b", "a@b"), ("CID:a%40b", "a@b"), ("http://a", ""), ("", ""), ("cid:", "")],
)
def test_cid_urls(href, cid):
    assert cid_of(href) == cid


def test_many_false_delimiters_cost_little():
    body = b"--b\r\n\r\n" + b"--b" * 300_000 + b"\r\n--b--"
    begun = time.perf_counter()
    assert len(cut(body).parts) == 1
    assert time.perf_counter() - begun < 2
