"""XML signatures (W3C XML Signature 1.1), read with care and verified by xmlsec.

Against wrapping: a signature covers the elements that its references name, each id must be the
only one of the document, and the caller uses those elements and no other. References reach
nothing outside the document, and only the algorithms listed here are run, those of a ds:Manifest
included: xmlsec follows its references too, and would run any style sheet they hold.

lxml's inclusive C14N of an inner element is wrong under a default namespace, so digests are left
to xmlsec.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from dmp_certify.finding import Place, Text
from dmp_certify.wire import certificates
from dmp_certify.wire.certificates import Certificate
from dmp_certify.wire.message import Located
from dmp_certify.wire.xml import Element

_DS = "http://www.w3.org/2000/09/xmldsig#"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_ENC = "http://www.w3.org/2001/04/xmlenc#"
_MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
SHA1_ALGORITHMS = frozenset({f"{_DS}sha1", f"{_DS}rsa-sha1", f"{_MORE}ecdsa-sha1"})
SIGNATURE_ALGORITHMS = frozenset(
    {f"{_DS}rsa-sha1", f"{_MORE_2007}sha256-rsa-MGF1"}
    | {f"{_MORE}{kind}-sha{size}" for kind in ("rsa", "ecdsa") for size in (256, 384, 512)}
)
DIGEST_ALGORITHMS = frozenset({f"{_DS}sha1", f"{_ENC}sha256", f"{_ENC}sha512", f"{_MORE}sha384"})
_CANONICAL = (
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
)
C14N_ALGORITHMS = frozenset(
    {*_CANONICAL, f"{_CANONICAL[0]}#WithComments", f"{_CANONICAL[1]}#WithComments"}
    | {f"{_CANONICAL[2]}WithComments"}
)
TRANSFORMS = C14N_ALGORITHMS | {f"{_DS}enveloped-signature"}
_MANIFEST = "ds:Object/ds:Manifest/ds:Reference"
# Attributes that verifiers in the field take for ids.
_ID_NAMES = (
    "ID",
    "Id",
    "AssertionID",
    "{http://www.w3.org/XML/1998/namespace}id",
    "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}Id",
)


@dataclass(frozen=True, slots=True)
class Reference:
    """One ds:Reference of the SignedInfo."""

    uri: Located[str]
    transforms: tuple[Located[str], ...]
    digest: Located[str]


@dataclass(frozen=True, slots=True)
class Signature:
    """One ds:Signature as it is written. `signer` is the end certificate of its KeyInfo; `chain`
    holds all its certificates, DER; `unreadable` places one that is none."""

    place: Place
    element: Element
    algorithm: Located[str]
    canonicalization: Located[str]
    references: tuple[Reference, ...]
    signer: Located[Certificate] | None
    signer_der: bytes
    chain: tuple[bytes, ...]
    unreadable: Place | None

    @property
    def sha1(self) -> Located[str] | None:
        """The first algorithm that rests on SHA-1, or None."""
        used = (self.algorithm, *(reference.digest for reference in self.references))
        return next((one for one in used if one.value in SHA1_ALGORITHMS), None)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a signature is worth: the elements it covers, or the problem.

    `code` is empty when it holds, else `no-certificate`, `algorithm`, `reference`,
    `duplicate-id` or `invalid`.
    """

    signed: tuple[Element, ...]
    code: str = ""
    place: Place | None = None
    reason: Text | None = None


def read(element: Element) -> Signature:
    """Read a ds:Signature; what is missing is empty, and fails to verify."""
    found = list(_certificates(element))
    readable = [(one, der) for one, der in found if one.value is not None]
    end = next((p for p in readable if p[0].value.purpose != "authority"), None)  # type: ignore
    end = end or (readable[0] if readable else None)
    return Signature(
        place=element.place,
        element=element,
        algorithm=_algorithm(element, "ds:SignedInfo/ds:SignatureMethod"),
        canonicalization=_algorithm(element, "ds:SignedInfo/ds:CanonicalizationMethod"),
        references=tuple(_reference(one) for one in element.all("ds:SignedInfo/ds:Reference")),
        signer=end[0] if end else None,  # type: ignore[arg-type]
        signer_der=end[1] if end else b"",
        chain=tuple(der for _, der in readable),
        unreadable=next((one.place for one, _ in found if one.value is None), None),
    )


def _algorithm(element: Element, path: str) -> Located[str]:
    found = element.first(path)
    if found is None:
        return Located("", element.place)
    return found.attribute("Algorithm") or Located("", found.place)


def _reference(element: Element) -> Reference:
    absent = Located("", element.attribute_place("URI"))
    transforms = element.all("ds:Transforms/ds:Transform")
    return Reference(
        element.attribute("URI") or absent,
        tuple(one.attribute("Algorithm") or Located("", one.place) for one in transforms),
        _algorithm(element, "ds:DigestMethod"),
    )


def _certificates(element: Element) -> Iterator[tuple[Located[Certificate | None], bytes]]:
    for slot in element.all("ds:KeyInfo/ds:X509Data/ds:X509Certificate"):
        try:
            der = base64.b64decode("".join(slot.text.split()), validate=True)
        except (ValueError, binascii.Error):
            der = b""
        yield Located(certificates.load(der), slot.place), der


def verify(signature: Signature) -> Verification:
    """Whether the signature holds under the key of its own certificate, and what it covers.

    Trust in the certificate is another question (`certificates.path`).
    """
    refused = _refusal(signature)
    if refused is not None:
        return refused
    holders = _id_holders(signature.element)
    signed: list[Element] = []
    for reference in signature.references:
        wanted = reference.uri.value
        # An id of that form would be an XPointer to xmlsec, and name another element.
        if not wanted.startswith("#") or "(" in wanted or not holders.get(wanted[1:]):
            return _broken(
                "reference",
                reference.uri.place,
                f"référence {wanted!r} : aucun élément de ce document",
                f"reference {wanted!r}: no element of this document",
            )
        if len(holders[wanted[1:]]) > 1:
            return _broken(
                "duplicate-id",
                Element(holders[wanted[1:]][1], signature.place.artifact).place,
                f"l'identifiant {wanted[1:]!r} est porté par {len(holders[wanted[1:]])} éléments",
                f"the id {wanted[1:]!r} is borne by {len(holders[wanted[1:]])} elements",
            )
        signed.append(Element(holders[wanted[1:]][0], signature.place.artifact))
    if _holds(signature, signed):
        return Verification(tuple(signed))
    return _broken(
        "invalid",
        signature.place,
        "la valeur de signature ou une empreinte ne correspond pas",
        "the signature value or a digest does not match",
    )


def _broken(code: str, place: Place, fr: str, en: str) -> Verification:
    return Verification((), code, place, Text(fr, en))


def _refusal(signature: Signature) -> Verification | None:
    if signature.signer is None:
        where = signature.unreadable or signature.place
        return _broken(
            "no-certificate",
            where,
            "aucun certificat X.509 lisible dans KeyInfo",
            "no readable X.509 certificate in KeyInfo",
        )
    if not signature.references:
        return _broken("reference", signature.place, "aucune Reference", "no Reference")
    for algorithm, allowed in _used(signature):
        if algorithm.value not in allowed:
            return _broken(
                "algorithm",
                algorithm.place,
                f"algorithme non admis : {algorithm.value!r}",
                f"algorithm not allowed: {algorithm.value!r}",
            )
    return _pointer(signature)


def _used(signature: Signature) -> Iterator[tuple[Located[str], frozenset[str]]]:
    """Each algorithm that verifying runs, with those allowed in its place."""
    yield signature.algorithm, SIGNATURE_ALGORITHMS
    yield signature.canonicalization, C14N_ALGORITHMS
    listed = (_reference(one) for one in signature.element.all(_MANIFEST))
    for reference in (*signature.references, *listed):
        yield reference.digest, DIGEST_ALGORITHMS
        for transform in reference.transforms:
            yield transform, TRANSFORMS


def _pointer(signature: Signature) -> Verification | None:
    """A manifest may name documents and ids; an XPointer would be evaluated, whatever it costs."""
    for one in signature.element.all(_MANIFEST):
        uri = one.get("URI") or ""
        if uri.startswith("#") and "(" in uri:
            return _broken(
                "reference",
                one.attribute_place("URI"),
                f"référence {uri[:100]!r} : ni un document ni un identifiant",
                f"reference {uri[:100]!r}: neither a document nor an id",
            )
    return None


def _id_holders(element: Element) -> dict[str, list[etree._Element]]:
    holders: dict[str, list[etree._Element]] = {}
    for node in element.node.getroottree().iter(etree.Element):
        for name in {node.get(known) for known in _ID_NAMES} - {None}:
            holders.setdefault(str(name), []).append(node)
    return holders


def _holds(signature: Signature, signed: list[Element]) -> bool:
    xmlsec = _engine()
    context = xmlsec.SignatureContext()
    try:
        context.key = xmlsec.Key.from_memory(signature.signer_der, xmlsec.KeyFormat.CERT_DER)
        for element in signed:
            for name in _ID_NAMES:
                if element.node.get(name) is not None:
                    namespace, _, local = name.rpartition("}")
                    context.register_id(element.node, local, namespace.lstrip("{") or None)
        context.verify(signature.element.node)
    except (xmlsec.Error, TypeError, ValueError):
        return False
    return True


def _engine() -> Any:
    """xmlsec, kept from reading anything outside the document.

    It follows the references of a ds:Manifest, which name documents by `urn:oid:`; each gets an
    empty element, for the caller compares those digests itself. The callbacks belong to the whole
    process and another library may take them back, so they are set again for each verification.
    """
    import xmlsec

    def hand_out(handle: list[bytes], buffer: Any) -> int:
        piece = handle.pop() if handle else b""
        buffer[: len(piece)] = piece
        return len(piece)

    xmlsec.cleanup_callbacks()
    xmlsec.register_callbacks(
        lambda uri: True, lambda uri: [b"<x/>"], hand_out, lambda handle: None
    )
    return xmlsec
