"""Other legal shapes of the lot's signature: every check stays silent."""

from __future__ import annotations

import base64
import copy
import hashlib
from collections.abc import Callable

import pytest
from lxml import etree

from tests.metamorphic.forging import der, resealed
from tests.metamorphic.judging import assert_silent
from tests.metamorphic.shaping import Edit, both, drop, edited, every, put
from tests.metamorphic.test_call_shapes import C14N
from tests.support import bases
from tests.support.bases import NS, Base
from tests.support.wounds import build

DS = NS["ds"]
XADES = "http://uri.etsi.org/01903/v1.1.1#"
XADES_132 = "http://uri.etsi.org/01903/v1.3.2#"
DIGEST_METHODS = "//*[local-name()='DigestMethod']"
SHA1 = f"{DS}sha1"


def shaped(edit: Edit, name: str = "td2_1") -> Base:
    """The base with its signature template edited, then sealed."""
    base = bases.load(name)
    lot = base.part("lot")
    lot.data = edited(lot.data, edit)
    bases.seal(base)
    return base


def _objects_turned_over(root: etree._Element) -> None:
    root.append(every(root, "ds:Object")[0])


def _one_object(root: etree._Element) -> None:
    first = every(root, "ds:Object")[0]
    for child in every(root, "ds:Object[position()>1]/*"):
        first.append(child)


def _references_turned_over(root: etree._Element) -> None:
    for path in ("ds:SignedInfo", "//ds:Manifest"):
        (owner,) = every(root, path)
        owner.append(every(owner, "ds:Reference")[0])


def _ids_everywhere(root: etree._Element) -> None:
    for number, node in enumerate(
        every(root, "//ds:SignatureValue|//ds:KeyInfo|//ds:Object|//ds:Reference")
    ):
        node.set("Id", f"n{number}")


def _identifier(value: str) -> Edit:
    def edit(root: etree._Element) -> None:
        root.set("Id", value)
        put("//*[@Target]", "Target", f"#{value}")(root)

    return edit


def _inside(path: str, xml: str) -> Edit:
    def edit(root: etree._Element) -> None:
        every(root, path)[0].append(etree.fromstring(xml))

    return edit


def _indented(root: etree._Element) -> None:
    etree.indent(root, "\t")


def _compact(root: etree._Element) -> None:
    for node in root.iter(etree.Element):
        node.tail = None
        if len(node):
            node.text = None


SHAPES: dict[str, Edit] = {
    "no Type on references": drop("//ds:SignedInfo/ds:Reference", "Type"),
    "references turned over": _references_turned_over,
    "objects turned over": _objects_turned_over,
    "everything in one Object": _one_object,
    "ids on everything": _ids_everywhere,
    "an id that begins with a digit": _identifier("5f2b1c7e-2a44-4f5e-9e0b-0b1f7f1d6a01"),
    **{
        f"signed at {text}": put("//*[local-name()='SigningTime']", "text", text)
        for text in (
            "2026-11-20T10:29:50+01:00",
            "2026-11-20T09:29:50.123Z",
            "2026-11-20T10:29:50",
            "2026-11-20T09:33:50Z",
        )
    },
    "properties of another id": both(
        put("//*[local-name()='SignedProperties']", "Id", "SP-1"),
        put("//ds:Reference[@URI='#S0-SignedProperties']", "URI", "#SP-1"),
    ),
    "unsigned properties": _inside(
        "//*[local-name()='QualifyingProperties']",
        f'<UnsignedProperties xmlns="{XADES}"><UnsignedSignatureProperties/></UnsignedProperties>',
    ),
    "a place of signature": _inside(
        "//*[local-name()='SignedSignatureProperties']",
        f'<SignatureProductionPlace xmlns="{XADES}"><City>Amiens</City></SignatureProductionPlace>',
    ),
    "no properties of data objects": drop("//*[local-name()='SignedDataObjectProperties']"),
    "indented": _indented,
    "compact": _compact,
}


@pytest.mark.parametrize("name", ["td2_1", "td2_1_lot2"])
@pytest.mark.parametrize("edit", SHAPES.values(), ids=SHAPES)
def test_another_shape_of_the_signature_is_silent(edit: Edit, name: str) -> None:
    assert_silent(shaped(edit, name))


def _xades_132(root: etree._Element) -> None:
    text = etree.tostring(root).replace(XADES.encode(), XADES_132.encode())
    made = etree.fromstring(text)
    for child in list(root):
        root.remove(child)
    root.extend(made)
    for node in root.iter(f"{{{XADES_132}}}DigestMethod", f"{{{XADES_132}}}DigestValue"):
        node.tag = f"{{{DS}}}{etree.QName(node).localname}"
    put("//ds:Reference[@URI='#S0-SignedProperties']", "Type", XADES_132 + "SignedProperties")(root)


@pytest.mark.parametrize(
    ("edit", "row"),
    [
        (_xades_132, "DC-SIG-XADES-VERSION"),
        (put("//ds:Manifest//ds:DigestMethod", "Algorithm", SHA1), "DC-SIG-SHA1"),
        (
            both(
                put(DIGEST_METHODS, "Algorithm", SHA1),
                put("//ds:SignatureMethod", "Algorithm", f"{DS}rsa-sha1"),
            ),
            "DC-SIG-SHA1",
        ),
    ],
    ids=["xades-1.3.2", "sha1-of-documents", "sha1"],
)
def test_what_is_doubtful_is_reported_only(edit: Edit, row: str) -> None:
    assert_silent(shaped(edit), noted=frozenset({row}))


@pytest.mark.parametrize("algorithm", C14N)
@pytest.mark.parametrize("name", ["td2_1", "td2_1_lot2"])
def test_any_canonicalization_of_the_signed_info_is_silent(
    algorithm: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def canonical(node: etree._Element, with_comments: bool) -> bytes:
        alone = etree.fromstring(etree.tostring(node, with_tail=False))
        own = etree.QName(node).localname == "SignedInfo"
        return etree.tostring(
            alone,
            method="c14n",
            exclusive=own and "exc-c14n" in algorithm,
            with_comments=own and algorithm.endswith("WithComments"),
        )

    monkeypatch.setattr(bases, "_canonical", canonical)
    assert_silent(shaped(put("//ds:CanonicalizationMethod", "Algorithm", algorithm), name))


@pytest.mark.parametrize("algorithm", [None, *C14N])
def test_any_canonicalization_of_the_documents_is_silent(
    algorithm: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest(data: bytes, name: str) -> str:
        octets = data
        if algorithm is not None:
            octets = etree.tostring(
                etree.fromstring(data).getroottree(),
                method="c14n",
                exclusive="exc-c14n" in algorithm,
                with_comments=algorithm.endswith("WithComments"),
            )
        return base64.b64encode(hashlib.new(name, octets).digest()).decode()

    monkeypatch.setattr(bases, "_document_digest", digest)
    path = "//ds:Manifest//ds:Transform"
    edit = put(path, "Algorithm", algorithm) if algorithm else drop("//ds:Manifest//ds:Transforms")
    assert_silent(shaped(edit, "td2_1_lot2"))


# What is not signed may be written in other ways after the signature.


def _chain(*slugs: str) -> Edit:
    def edit(root: etree._Element) -> None:
        slot = every(root, "//ds:X509Certificate")[0]
        for slug in slugs:
            made = copy.deepcopy(slot)
            made.text = der(slug) if slug != "own" else slot.text
            slot.addprevious(made)
        slot.getparent().remove(slot)

    return edit


def _talkative(root: etree._Element) -> None:
    made = etree.fromstring(
        f'<x xmlns="{DS}"><KeyName>k</KeyName><X509Data><X509SubjectName>CN=x</X509SubjectName>'
        "<X509IssuerSerial><X509IssuerName>CN=x</X509IssuerName>"
        "<X509SerialNumber>1</X509SerialNumber></X509IssuerSerial></X509Data></x>"
    )
    for child in reversed(list(made)):
        every(root, "//ds:X509Data")[0].addprevious(child)


def _short_lines(root: etree._Element) -> None:
    for node in every(root, "//ds:X509Certificate|//ds:SignatureValue"):
        text = "".join((node.text or "").split())
        lines = (text[at : at + 64] for at in range(0, len(text), 64))
        node.text = "\n  " + "\n  ".join(lines) + "\n"


@pytest.mark.parametrize(
    "edit",
    [
        _chain("own", "ca", "root"),
        _chain("root", "ca", "own"),
        _chain("own", "own"),
        _talkative,
        _short_lines,
    ],
    ids=["chain", "chain-root-first", "twice", "talkative", "short-lines"],
)
def test_another_key_info_is_silent(edit: Callable[[etree._Element], None]) -> None:
    base = build("td2_1", [])
    lot = base.part("lot")
    lot.data = edited(lot.data, edit)
    assert_silent(resealed(base))
