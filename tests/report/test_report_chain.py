"""Paths of certificates that must not be followed."""

from __future__ import annotations

import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dmp_certify.errors import VerificationError
from dmp_certify.report.chain import check_path
from tests.report.pki import at
from tests.report.sample import BEGUN

Pair = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


def made(
    name: str,
    issuer: Pair | None = None,
    *,
    ca: bool | None = True,
    path_length: int | None = None,
    issues: bool = True,
    days: int = 365,
    critical: bool = False,
) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGUN - timedelta(days=400))
        .not_valid_after(BEGUN + timedelta(days=days))
    )
    if ca is not None:
        constraints = x509.BasicConstraints(ca=ca, path_length=path_length)
        builder = builder.add_extension(constraints, critical=True)
    usage: dict[str, Any] = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "crl_sign", "encipher_only", "decipher_only"), False)  # fmt: skip
    builder = builder.add_extension(
        x509.KeyUsage(digital_signature=True, key_cert_sign=issues, **usage), critical=True
    )
    if critical:
        oid = x509.ObjectIdentifier("1.2.3.4")
        builder = builder.add_extension(x509.UnrecognizedExtension(oid, b"\x05\x00"), critical=True)
    return key, builder.sign(issuer[0] if issuer else key, hashes.SHA256())


def refused(chain: list[Pair], root: Pair, reason: str) -> None:
    with pytest.raises(VerificationError, match=reason):
        check_path([each[1] for each in chain], [root[1]], at())


def test_a_path_of_three_holds_in_any_order() -> None:
    root = made("root")
    one = made("one", root)
    two = made("two", one)
    leaf = made("leaf", two, ca=False, issues=False)
    stranger = made("stranger")
    check_path([leaf[1], one[1], stranger[1], two[1], root[1]], [stranger[1], root[1]], at())


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"ca": False}, "not an authority"),
        ({"ca": None}, "not an authority"),
        ({"issues": False}, "may not issue"),
        ({"days": -1}, "valid from"),
        ({"critical": True}, "critical extension"),
    ],
)
def test_an_intermediate_that_may_not_issue(options: dict[str, Any], reason: str) -> None:
    root = made("root")
    middle = made("middle", root, **options)
    refused([made("leaf", middle, ca=False, issues=False), middle], root, reason)


def test_a_path_longer_than_its_authority_allows() -> None:
    root = made("root", path_length=0)
    middle = made("middle", root)
    refused([made("leaf", middle, ca=False, issues=False), middle], root, "too long")
    check_path([made("leaf", root, ca=False, issues=False)[1]], [root[1]], at())


def test_a_leaf_with_a_critical_extension_that_nobody_understands() -> None:
    root = made("root")
    leaf = made("leaf", root, ca=False, issues=False, critical=True)
    refused([leaf], root, "critical extension")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_leaf_signed_with_sha1_is_refused(tmp_path: Path) -> None:
    for command in (
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=root -days 9",
        "req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=leaf",
        "x509 -req -sha1 -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 2 -days 9 -out leaf.pem",
    ):
        arguments = ["openssl", *command.split()]
        subprocess.run(arguments, cwd=tmp_path, capture_output=True, check=True)
    root, leaf = (
        x509.load_pem_x509_certificate((tmp_path / name).read_bytes())
        for name in ("ca.pem", "leaf.pem")
    )
    with pytest.raises(VerificationError, match=r"weak or unknown|no path leads"):
        check_path([leaf], [root], leaf.not_valid_before_utc)


def test_an_expired_anchor_is_none() -> None:
    root = made("root", days=-1)
    refused([made("leaf", root, ca=False, issues=False)], root, "valid from")


def test_an_expired_twin_does_not_hide_the_valid_one() -> None:
    root = made("root")
    key, good = made("middle", root)
    old = (
        x509.CertificateBuilder()
        .subject_name(good.subject)
        .issuer_name(good.issuer)
        .public_key(key.public_key())
        .serial_number(5)
        .not_valid_before(BEGUN - timedelta(days=400))
        .not_valid_after(BEGUN - timedelta(days=300))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root[0], hashes.SHA256())
    )
    leaf = made("leaf", (key, good), ca=False, issues=False)[1]
    check_path([leaf, old, good], [root[1]], at())
    with pytest.raises(VerificationError, match="valid from"):
        check_path([leaf, old], [root[1]], at())


def test_a_circle_ends() -> None:
    one = made("one")
    two = made("two", one)
    crossed = (
        x509.CertificateBuilder()
        .subject_name(one[1].subject)
        .issuer_name(two[1].subject)
        .public_key(one[0].public_key())
        .serial_number(9)
        .not_valid_before(BEGUN - timedelta(days=1))
        .not_valid_after(BEGUN + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(two[0], hashes.SHA256())
    )
    leaf = made("leaf", two, ca=False, issues=False)
    refused([leaf, two, (one[0], crossed), one], made("elsewhere"), "no path leads")
