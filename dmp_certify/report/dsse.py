"""DSSE envelopes with one signature and its X.509 chain inside (secure-systems-lab/dsse, v1).

The envelope has one spelling: RFC 8785 JSON whose base64 and PEM are as this module writes them.
Anything else is refused, so that no byte of it can change unseen. Beside `keyid` and `sig` the
signature holds `certificate` and `intermediates`, base64 of PEM, as in-toto/witness writes them.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from dmp_certify.errors import VerificationError
from dmp_certify.report import sign

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MAX_SIZE = 1 << 20


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload, its signature and the signer's chain, leaf first."""

    payload: bytes
    signature: bytes
    chain: sign.Certificates

    @property
    def certificate(self) -> x509.Certificate:
        return self.chain[0]


def pae(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """The bytes that are signed: the pre-authentication encoding of DSSE v1."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload: bytes, signer: sign.Signer) -> bytes:
    """The envelope of `payload`, signed."""
    return _encode(Envelope(payload, signer.sign(pae(payload)), signer.chain))


def unseal(data: bytes, name: str) -> Envelope:
    """The envelope in `data`, whose signature holds.

    The chain is not judged here. Raises VerificationError; `name` is the file, for messages.
    """
    if len(data) > MAX_SIZE:
        raise VerificationError(f"{name} is larger than {MAX_SIZE} bytes")
    try:
        envelope = _decode(json.loads(data))
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise VerificationError(f"{name} is not a DSSE envelope: {error!r:.200}") from error
    if _encode(envelope) != data:
        raise VerificationError(f"{name} is not in its canonical form: bytes were changed")
    if not sign.signature_holds(envelope.certificate, envelope.signature, pae(envelope.payload)):
        raise VerificationError(
            f"the signature of {name} does not hold under its certificate "
            f"{envelope.certificate.subject.rfc4514_string()}"
        )
    return envelope


def _encode(envelope: Envelope) -> bytes:
    import rfc8785

    pems = [_base64(each.public_bytes(Encoding.PEM)) for each in envelope.chain]
    signature: dict[str, Any] = {
        "keyid": sign.keyid(envelope.certificate),
        "sig": _base64(envelope.signature),
        "certificate": pems[0],
        "intermediates": pems[1:],
    }
    document: dict[str, Any] = {
        "payloadType": PAYLOAD_TYPE,
        "payload": _base64(envelope.payload),
        "signatures": [signature],
    }
    return bytes(rfc8785.dumps(document)) + b"\n"


def _decode(document: Any) -> Envelope:
    if not isinstance(document, Mapping) or document["payloadType"] != PAYLOAD_TYPE:
        raise ValueError(f"payloadType is not {PAYLOAD_TYPE}")
    (signature,) = document["signatures"]
    pems = [signature["certificate"], *signature["intermediates"]]
    if len(pems) > sign.MAX_CHAIN:
        raise ValueError(f"more than {sign.MAX_CHAIN} certificates")
    chain = tuple(x509.load_pem_x509_certificate(_bytes(pem)) for pem in pems)
    return Envelope(_bytes(document["payload"]), _bytes(signature["sig"]), chain)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"bad base64: {error}") from error
