"""HTTP requests, whole and broken."""

from __future__ import annotations

import gzip
import zlib

import pytest

from dmp_certify.wire import http
from dmp_certify.wire.headers import parse_media_type
from dmp_certify.wire.http import HttpAnswer, HttpRequest
from dmp_certify.wire.message import Unreadable

HEAD = b"POST /x HTTP/1.1\r\nHost: a\r\n"


def one(message):
    (found,) = message.views(HttpRequest)
    return found


def test_a_request_keeps_order_and_places(raw):
    request = one(raw(HEAD + b"X-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\n\r\nabc"))
    assert (request.method.value, request.target.value) == ("POST", "/x")
    assert [name for name, _ in request.headers.fields] == ["Host", "X-A", "x-a", "Content-Length"]
    assert request.headers.get("x-A").value == "1"
    assert request.headers.get("X-A").place.line == 3
    assert request.sound_body() == b"abc"
    assert request.body_artifact == "m/body"


def test_bytes_after_the_announced_body_are_not_its_body(raw):
    assert one(raw(HEAD + b"Content-Length: 3\r\n\r\nabcdef")).sound_body() == b"abc"


def test_line_feeds_alone_end_lines(raw):
    request = one(raw(b"POST /x HTTP/1.1\nContent-Length: 2\n\nab"))
    assert request.sound_body() == b"ab"


@pytest.mark.parametrize(
    "body",
    [
        b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        b"3;ext=1\r\nabc\r\n002\r\nde\r\n0\r\nTrailer: x\r\n\r\n",
    ],
)
def test_chunks_are_joined(raw, body):
    assert one(raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body)).sound_body() == b"abcde"


@pytest.mark.parametrize(
    "body", [b"", b"zz\r\nabc\r\n", b"5\r\nabc", b"3\r\nabcXX0\r\n\r\n", b"ffffffff\r\nabc"]
)
def test_broken_chunks_are_told_and_unreadable(raw, body):
    request = one(raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body))
    assert "chunked" in request.body.problem.value.en
    with pytest.raises(Unreadable):
        request.sound_body()


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_compressed_bodies_are_inflated(raw, coding):
    data = zlib.compress(b"abc") if coding == "deflate" else gzip.compress(b"abc", mtime=0)
    head = HEAD + f"Content-Encoding: {coding}\r\nContent-Length: {len(data)}\r\n\r\n".encode()
    assert one(raw(head + data)).sound_body() == b"abc"


def test_a_gzip_bomb_stops_at_the_bound(raw, monkeypatch):
    monkeypatch.setattr(http, "MAX_INFLATED", 1000)
    data = gzip.compress(b"\0" * 100_000, mtime=0)
    head = HEAD + f"Content-Encoding: gzip\r\nContent-Length: {len(data)}\r\n\r\n".encode()
    request = one(raw(head + data))
    assert "beyond 1000 bytes" in request.body.problem.value.en
    with pytest.raises(Unreadable):
        request.sound_body()


@pytest.mark.parametrize(
    ("coding", "data", "said"),
    [
        ("br", b"abc", "unknown Content-Encoding"),
        ("gzip", gzip.compress(b"abc" * 99, mtime=0)[:-9], "truncated"),
        ("gzip", b"abc", "unreadable"),
    ],
)
def test_other_compression_is_told(raw, coding, data, said):
    head = HEAD + f"Content-Encoding: {coding}\r\nContent-Length: {len(data)}\r\n\r\n".encode()
    assert said in one(raw(head + data)).body.problem.value.en


def test_an_interrupted_request_is_unreadable(raw):
    message = raw(HEAD + b"\r\n", complete=False, problem="the client left")
    assert "the client left" in one(message).body.problem.value.en


@pytest.mark.parametrize("data", [b"", b"\0\xff", b"GET", b"POST /x HTTP/2\r\n\r\n", b"\n\n\n"])
def test_what_is_no_http_is_a_view_with_a_problem(raw, data):
    assert one(raw(data)).problem is not None


def test_other_kinds_hold_no_request(raw):
    assert raw(b"<x/>", "soap").views(HttpRequest) == ()
    assert raw(HEAD + b"\r\n").views(HttpAnswer) == ()


def test_an_answer_has_its_status(raw):
    message = raw(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", "answer")
    assert message.view(HttpAnswer).status.value == 500


@pytest.mark.parametrize(
    ("value", "kind", "parameters"),
    [
        ("Text/XML", "text/xml", {}),
        ('a/b; X="1;2"; y=3', "a/b", {"x": "1;2", "y": "3"}),
        ('a/b;x="q\\"r"', "a/b", {"x": 'q"r'}),
        ("a/b; boundary==_x=1 ; z", "a/b", {"boundary": "=_x=1"}),
        ("", "", {}),
        (";;;", "", {}),
    ],
)
def test_media_types(value, kind, parameters):
    found = parse_media_type(value)
    assert (found.type, dict(found.parameters)) == (kind, parameters)


def test_a_repeated_parameter_keeps_its_first_value():
    found = parse_media_type("a/b; x=1; x=2")
    assert found.get("x") == "1" and found.repeated == ("x",)
