"""The manifest of a submission set's signature: what it names, and whether the digests agree.

Source: W3C XML Signature 1.1 §5.1 (Manifest), IHE ITI DSG. Its references name documents by
`urn:oid:`, so that no engine can fetch them: the digests are computed here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from lxml import etree

from dmp_certify.wire import dsig, xml
from dmp_certify.wire.message import Located, Unreadable
from dmp_certify.wire.xml import Element

OID_PREFIX = "urn:oid:"
HASHES = {
    "http://www.w3.org/2000/09/xmldsig#sha1": "sha1",
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}


@dataclass(frozen=True)
class ManifestReference:
    """One ds:Reference of the manifest: what it names, how it is transformed, its digest."""

    uri: Located[str]
    transforms: tuple[Located[str], ...]
    method: Located[str]
    digest: Located[str]

    @property
    def oid(self) -> str:
        """The OID after `urn:oid:`, empty for another address."""
        return self.uri.value.removeprefix(OID_PREFIX) if self.names_oid else ""

    @property
    def names_oid(self) -> bool:
        return self.uri.value.startswith(OID_PREFIX)

    def agrees(self, data: bytes) -> bool | None:
        """Whether the digest is that of those bytes under the stated transforms.

        None when no text defines the answer: an unknown algorithm, bytes that are not well-formed
        XML under a canonicalization, or XML with a DOCTYPE.
        """
        name = HASHES.get(self.method.value)
        octets = canonical(data, tuple(one.value for one in self.transforms))
        if name is None or octets is None:
            return None
        return hashlib.new(name, octets).digest() == self.bytes

    @property
    def bytes(self) -> bytes:
        """The digest value, empty when it is not base64."""
        try:
            return base64.b64decode("".join(self.digest.value.split()), validate=True)
        except (ValueError, binascii.Error):
            return b""


def read_reference(element: Element) -> ManifestReference:
    """Read one ds:Reference of a manifest; what is missing is empty."""
    transforms = element.all("ds:Transforms/ds:Transform")
    value = element.first("ds:DigestValue")
    return ManifestReference(
        element.attribute("URI") or Located("", element.attribute_place("URI")),
        tuple(one.attribute("Algorithm") or Located("", one.place) for one in transforms),
        method_of(element),
        value.located_text() if value else Located("", element.place),
    )


def method_of(element: Element) -> Located[str]:
    """The DigestMethod below the element, whatever its namespace: XAdES 1.1.1 has its own."""
    found = element.first("*[local-name()='DigestMethod']")
    if found is None:
        return Located("", element.place)
    return found.attribute("Algorithm") or Located("", found.place)


def canonical(data: bytes, transforms: tuple[str, ...]) -> bytes | None:
    """The octets that a manifest digests; the bytes themselves without a transform.

    A whole document is canonicalized here, where lxml is right; it errs on inner elements.
    """
    if not transforms:
        return data
    if len(transforms) != 1 or transforms[0] not in dsig.C14N_ALGORITHMS:
        return None
    try:
        root = xml.parse(data, "")
        if root.doctype:
            return None
        return bytes(
            etree.tostring(
                root.node.getroottree(),
                method="c14n",
                exclusive="xml-exc-c14n" in transforms[0],
                with_comments=transforms[0].endswith("WithComments"),
            )
        )
    except (Unreadable, etree.LxmlError, ValueError):
        return None
