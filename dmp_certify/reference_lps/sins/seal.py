"""Sins of the lot's signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dmp_certify.finding import Text
from dmp_certify.reference_lps import lotsign
from dmp_certify.reference_lps.keys import Signer
from dmp_certify.reference_lps.orders import Endpoint
from dmp_certify.reference_lps.sins.sin import Sin, at, spoil, swap
from dmp_certify.reference_lps.stages import Hook, Stage


def _broken_digest(manifest: lotsign.Manifest) -> lotsign.Manifest:
    manifest.lines[1] = replace(manifest.lines[1], digest=spoil(manifest.lines[1].digest))
    return manifest


def _short_manifest(manifest: lotsign.Manifest) -> lotsign.Manifest:
    manifest.lines = manifest.lines[:-1]
    return manifest


def _signed_by_tls(_state: Path) -> Mapping[Stage, Hook]:
    kept: list[Endpoint] = []

    def remember(endpoint: Endpoint) -> Endpoint:
        kept.append(endpoint)
        return endpoint

    def sign(manifest: lotsign.Manifest) -> lotsign.Manifest:
        endpoint = kept[-1]
        manifest.signer = Signer.load(endpoint.auth_certificate, endpoint.auth_key)
        return manifest

    return {Stage.CREDENTIALS: remember, Stage.MANIFEST: sign}


SINS = (
    Sin(
        "manifest-digest",
        Text(
            "Le manifeste signé ne décrit pas le document envoyé",
            "The signed manifest does not describe the document sent",
        ),
        ("signature.digest-mismatch",),
        "feed-pdf",
        at(Stage.MANIFEST, _broken_digest),
    ),
    Sin(
        "manifest-incomplete",
        Text(
            "Un document du lot manque au manifeste signé",
            "A document of the lot is missing from the signed manifest",
        ),
        ("signature.manifest-incomplete",),
        "feed-lot",
        at(Stage.MANIFEST, _short_manifest),
    ),
    Sin(
        "lot-signed-by-tls-certificate",
        Text(
            "Le lot est signé avec le certificat d'authentification TLS",
            "The lot is signed with the TLS authentication certificate",
        ),
        ("signature.signer-wrong-purpose",),
        "feed-pdf",
        _signed_by_tls,
    ),
    Sin(
        "lot-signature-tampered",
        Text(
            "La signature du lot est modifiée après coup",
            "The lot's signature is changed afterwards",
        ),
        ("signature.invalid",),
        "feed-pdf",
        at(Stage.LOT_SIGNATURE, swap(b"<SigningTime>2", b"<SigningTime>1")),
    ),
)
