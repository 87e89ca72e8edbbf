"""The signature of the lot, verified on signatures that another library made, and attacked."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from dmp_certify.checks import load_all
from dmp_certify.engine.judge import judge_message
from dmp_certify.outcome import Outcome
from dmp_certify.wire import dsig, xml
from dmp_certify.wire.lot_manifest import canonical, read_reference
from dmp_certify.wire.lot_signature import LotSignature, SignaturePart
from dmp_certify.wire.message import Unreadable
from tests.support import bases
from tests.support.wounds import build, inflict

FOREIGN = bases.FIXTURES / "_foreign"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
DOCUMENT = (FOREIGN / "document.xml").read_bytes()


def lot_of(base: bases.Base) -> LotSignature:
    found = bases.message(base).view(LotSignature)
    assert found is not None
    return found


@pytest.mark.parametrize("file", sorted(FOREIGN.glob("jdk-*.xml")), ids=lambda file: file.stem)
def test_a_signature_of_the_jdk_holds(file: Path) -> None:
    root = xml.parse(file.read_bytes(), file.name)
    done = dsig.verify(dsig.read(root))
    assert done.code == "", done
    assert [one.name[1] for one in done.signed] == ["Manifest", "SignedProperties"]
    references = [read_reference(one) for one in done.signed[0].all("ds:Reference")]
    assert [one.oid for one in references] == ["1.2.250.1.999.1.1.4.9", "1.2.250.1.999.1.1.1.9"]
    assert references[1].agrees(DOCUMENT) is True
    assert references[1].agrees(DOCUMENT.replace(b"inside", b"Inside")) is False
    assert references[1].agrees(DOCUMENT.replace(b"before the root", b"before root")) is False


@pytest.mark.parametrize("file", sorted(FOREIGN.glob("jdk-*.xml")), ids=lambda file: file.stem)
@pytest.mark.parametrize(
    "change",
    [
        (b"1.2.250.1.999.1.1.1.9", b"1.2.250.1.999.1.1.1.8"),
        (b"2026-11-20T10:29:50", b"2026-11-20T10:29:51"),
        (b'Id="IHEManifest"', b'Id="IHEManifesf"'),
    ],
    ids=["manifest", "properties", "id"],
)
def test_a_changed_signature_does_not_hold(file: Path, change: tuple[bytes, bytes]) -> None:
    data = file.read_bytes()
    assert change[0] in data
    root = xml.parse(data.replace(*change), file.name)
    assert dsig.verify(dsig.read(root)).code in {"invalid", "reference"}


def test_canonical_forms() -> None:
    assert canonical(b"as it stands", ()) == b"as it stands"
    assert canonical(b"<a   b='1'><c/></a>", (C14N,)) == b'<a b="1"><c></c></a>'
    assert canonical(b"<a><!-- x --></a>", (C14N,)) == b"<a><!-- x --></a>"
    assert canonical(b"<a><!-- x --></a>", (C14N.removesuffix("#WithComments"),)) == b"<a></a>"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a>",
        b"\xff\xfe\x00",
        b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
        b'<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>',
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    ],
    ids=["empty", "unclosed", "binary", "entity", "bomb", "external"],
)
def test_what_no_text_defines_is_not_judged(data: bytes) -> None:
    assert canonical(data, (C14N,)) is None


def test_an_unknown_transform_is_not_run() -> None:
    xslt = "http://www.w3.org/TR/1999/REC-xslt-19991116"
    assert canonical(b"<a/>", (xslt,)) is None
    assert canonical(b"<a/>", (C14N, C14N)) is None


def test_the_view_of_a_lot_of_two() -> None:
    lot = lot_of(build("td2_1_lot2", []))
    assert lot.element.node.prefix is None, "the official shape has a default namespace"
    assert lot.verification.code == ""
    assert lot.set_id == "1.2.250.1.999.1.1.4.20261120.1"
    states = [(unique, lot.reference_to(unique)) for _, unique, _ in lot.documents()]
    assert len(states) == 2 and all(reference is not None for _, reference in states)
    assert lot.purpose is not None and lot.purpose.value == "1.2.840.10065.1.12.1.14"
    assert lot.path is not None and lot.path.anchored and lot.path.revocation == "good"


def test_wrapping_the_manifest_is_caught() -> None:
    """The signed manifest is moved away and another one, of other documents, takes its place."""
    base = build("td2_1", [])
    lot = base.part("lot")
    signed = lot.data.decode()
    start, end = (
        signed.index("<ds:Manifest"),
        signed.index("</ds:Manifest>") + len("</ds:Manifest>"),
    )
    original = signed[start:end]
    forged = original.replace("1.2.250.1.999.1.1.1.20261120.1", "1.2.250.1.999.6.6.6")
    moved = f"{forged}<ds:Object><Wrapper>{original}</Wrapper></ds:Object>"
    lot.data = (signed[:start] + moved + signed[end:]).encode()
    view = lot_of(base)
    assert view.verification.code == "duplicate-id"


@pytest.mark.parametrize("inside_object", [False, True])
def test_wrapping_with_another_id_leaves_the_forgery_uncovered(inside_object: bool) -> None:
    """A forged manifest names the same document with the digest of a changed one."""
    base = build("td2_1", [])
    document, lot = base.part("document"), base.part("lot")
    document.data = document.data.replace(b"hospitalisation</title>", b"hospitalisatiom</title>")
    octets = canonical(document.data, (C14N,))
    assert octets is not None
    signed = lot.data.decode()
    start, end = (
        signed.index("<ds:Manifest"),
        signed.index("</ds:Manifest>") + len("</ds:Manifest>"),
    )
    original = signed[start:end]
    digests = re.findall(r"<ds:DigestValue>([^<]+)</ds:DigestValue>", original)
    forged = original.replace('Id="IHEManifest"', 'Id="Other"').replace(
        digests[1], base64.b64encode(hashlib.sha256(octets).digest()).decode()
    )
    hidden = f"<Wrapper>{original}</Wrapper>"
    hidden = f"<ds:Object>{hidden}</ds:Object>" if inside_object else hidden
    wrapped = signed[:start] + forged + signed[end:]
    lot.data = wrapped.replace("</ds:Signature>", f"{hidden}</ds:Signature>").encode()
    checks = [one for one in load_all() if one.layer == "signature"]
    found = list(judge_message(bases.message(base), checks))
    failed = {one.check for one in found if one.outcome is Outcome.FAIL}
    # Inside ds:Object the signature value holds: only the coverage gives the forgery away.
    assert inside_object is (lot_of(base).verification.code == "")
    assert ("signature.coverage-incomplete" if inside_object else "signature.invalid") in failed


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<a/>",
        b'<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><lolz>&b;</lolz>',
        b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>',
        b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/><KeyInfo><X509Data>'
        b"<X509Certificate>MIIB</X509Certificate></X509Data></KeyInfo></Signature>",
        b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><Reference URI="file:///'
        b'etc/passwd"/></SignedInfo><Object><Manifest Id="IHEManifest"><Reference/></Manifest>'
        b"</Object></Signature>",
    ],
    ids=["empty", "text", "other", "bomb", "bare", "bad-certificate", "file-reference"],
)
def test_hostile_signatures_are_judged_without_a_crash(data: bytes) -> None:
    base = build("td2_1", [])
    base.part("lot").data = data
    message = bases.message(base)
    checks = [one for one in load_all() if one.layer == "signature"]
    found = list(judge_message(message, checks))
    assert not [one for one in found if one.outcome is Outcome.CRASHED], found
    assert [one for one in found if one.outcome in (Outcome.FAIL, Outcome.BLOCKED)]


def test_an_unreadable_signature_blocks_its_checks_and_says_so_once() -> None:
    base = build("td2_1", [])
    inflict(base, {"in": "lot", "replace-bytes": ["</ds:Signature>", ""]})
    message = bases.message(base)
    part = message.view(SignaturePart)
    assert part is not None and part.problem is not None
    with pytest.raises(Unreadable):
        message.view(LotSignature)
