"""Other forms of documents that a lot may carry: self-presentable, other media, images."""

from __future__ import annotations

import base64
import gzip
import hashlib

import pytest

from dmp_certify.terminology.valuesets import value_set
from tests.metamorphic.judging import assert_silent
from tests.metamorphic.shaping import CLINICAL, both, drop, edited, put, shaped
from tests.metamorphic.test_codes import described
from tests.support import bases

FORMAT = "a09d5840-386c-46f2-b5ad-9c3699a4309d"
TYPE = "f0306f51-975f-434e-a61c-c59651d33983"
CLASS = "41a5887f-8865-4c09-adf7-e362475b143a"
BODY = "//hl7:nonXMLBody/hl7:text"


def coded(code: str) -> tuple[str, str]:
    """A format code with its system."""
    return next(pair for pair in value_set("J60") if pair[0] == code)


@pytest.mark.parametrize("part_type", ["text/xml", "application/xslt+xml"])
def test_a_self_presentable_document_is_silent(part_type: str) -> None:
    base = bases.load("td2_1_lot2")
    part = base.part("document2")
    alone = bases.load("cda_self_presentable").part("document").data
    part.data, part.type = alone.replace(b"20261120.6", b"20261120.5"), part_type
    entry = "//rim:ExtrinsicObject[@id='Document02']"
    base.envelope = edited(base.envelope, put(entry, "mimeType", "application/xslt+xml"))
    bases.seal(base)
    assert_silent(base)


@pytest.mark.parametrize(
    ("media_type", "code", "data"),
    [
        ("text/plain", "urn:ihe:iti:xds-sd:text:2008", "Bonjour é\r\n".encode()),
        ("text/rtf", "urn:ihe:iti-fr:xds-sd:rtf:2010", b"{\\rtf1 bonjour}"),
        (
            "image/jpeg",
            "urn:ihe:iti-fr:xds-sd:jpeg:2010",
            b"\xff\xd8\xff\xe0" + b"0" * 50 + b"\xff\xd9",
        ),
        ("image/tiff", "urn:ihe:iti-fr:xds-sd:tiff:2010", b"II*\0" + b"0" * 60),
    ],
)
def test_another_medium_is_silent(media_type: str, code: str, data: bytes) -> None:
    content = base64.b64encode(data).decode()
    documents = both(put(BODY, "mediaType", media_type), put(BODY, "text", content))
    assert_silent(shaped("td2_1", documents=documents, envelope=described(FORMAT, coded(code))))


def test_a_compressed_body_is_silent() -> None:
    content = base64.b64encode(gzip.compress(b"%PDF-1.4", mtime=0)).decode()
    documents = both(put(BODY, "compression", "GZ"), put(BODY, "text", content))
    assert_silent(shaped("td2_1", documents=documents))


def test_a_manifest_of_images_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """A DICOM object is no CDA: its bytes are digested as they are, and hold false boundaries."""

    def digest(data: bytes, name: str) -> str:
        return base64.b64encode(hashlib.new(name, data).digest()).decode()

    monkeypatch.setattr(bases, "_document_digest", digest)
    base = bases.load("td2_1")
    part, lot = base.part("document"), base.part("lot")
    part.type = "application/dicom"
    part.data = b"\0" * 128 + b"DICM" + b"\1\2\3\r\n--uuid:4c1a2f0b\r\n\r\n" * 40
    lot.data = edited(lot.data, drop("//ds:Manifest//ds:Transforms"))
    base.envelope = edited(
        base.envelope,
        both(
            put(CLINICAL, "mimeType", "application/dicom"),
            described(FORMAT, coded("1.2.840.10008.5.1.4.1.1.88.59")),
            described(TYPE, ("IMG-KOS", "1.2.250.1.213.1.1.4.12")),
            described(CLASS, ("31", "1.2.250.1.213.1.1.4.1")),
        ),
    )
    bases.seal(base)
    assert_silent(base)
