"""The certificates of a run: those the suite lends, or the product's own of `[pki]`."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from dmp_certify.engine.config import Sut
from dmp_certify.errors import ConfigurationError
from dmp_certify.simulator.pki import STRUCTURE_ID, STRUCTURE_NAME, TestPki


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the server trusts and what the product is handed.

    `files` is the part of the order's `endpoint` that names files; `structure` is (identifier,
    name) of the structure that the certificates stand for.
    """

    pki: TestPki
    files: dict[str, Any]
    structure: tuple[str, str]
    crl_files: tuple[Path, ...]

    @property
    def trust(self) -> list[bytes]:
        """The authorities, DER."""
        found = x509.load_pem_x509_certificates(self.pki.ca_bundle.read_bytes())
        return [each.public_bytes(Encoding.DER) for each in found]

    @property
    def crls(self) -> list[bytes]:
        """The revocation lists, DER."""
        return [
            x509.load_pem_x509_crl(path.read_bytes()).public_bytes(Encoding.DER)
            for path in self.crl_files
        ]


def prepare(folder: Path, sut: Sut, work: Path, host: str) -> Credentials:
    """The credentials of a run; the test PKI is made in `folder` when it holds none.

    The product's own keys are unpacked into `work`. Raises ConfigurationError.
    """
    with _alone(folder):
        pki = TestPki.create(folder, hosts=_hosts(host))
    if not sut.pki:
        auth, sign = pki.credential("org-auth-cli"), pki.credential("org-sign")
        files = {
            "trust": str(pki.root),
            "auth": {"certificate": str(auth.certificate), "key": str(auth.key)},
            "sign": {"certificate": str(sign.certificate), "key": str(sign.key)},
            "pkcs12": {
                "auth": str(auth.pkcs12),
                "sign": str(sign.pkcs12),
                "password": auth.password,
            },
        }
        return Credentials(pki, files, (STRUCTURE_ID, STRUCTURE_NAME), pki.crls)
    return _own(pki, sut, work)


def _hosts(host: str) -> tuple[str, ...]:
    usual = ("localhost", "127.0.0.1", "::1")
    return usual if host in ("", "0.0.0.0", "::", *usual) else (*usual, host)


def _own(pki: TestPki, sut: Sut, work: Path) -> Credentials:
    password = _password(sut)
    files: dict[str, Any] = {"trust": str(pki.root), "pkcs12": {}}
    subject: tuple[str, str] = ("", "")
    for name in ("auth", "sign"):
        source = sut.path(sut.pki[name])
        leaf = _unpack(source, password, work, name, files)
        files["pkcs12"][name] = str(source)
        if name == "auth":
            subject = leaf
    if password is not None:
        files["pkcs12"]["password"] = password
    pki.ca_bundle = _joined(work / "trust.pem", [pki.ca_bundle, *map(sut.path, sut.pki["trust"])])
    crls = (*pki.crls, *map(sut.path, sut.pki["crls"]))
    pki.crls = (_joined(work / "crls.pem", list(crls)), pki.crls[1])
    _check_pem(pki.ca_bundle, x509.load_pem_x509_certificates)
    for crl in crls:
        _check_pem(crl, x509.load_pem_x509_crl)
    return Credentials(pki, files, subject, crls)


def _password(sut: Sut) -> str | None:
    variable = sut.pki.get("password_env")
    if variable is None:
        return None
    if variable not in os.environ:
        raise ConfigurationError(
            f"sut.toml, [pki] password_env: the environment has no variable {variable}; set it"
        )
    return os.environ[variable]


def _unpack(
    source: Path, password: str | None, work: Path, name: str, files: dict[str, Any]
) -> tuple[str, str]:
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, leaf, others = pkcs12.load_key_and_certificates(
            source.read_bytes(), password.encode() if password is not None else None
        )
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"sut.toml, [pki] {name}: {source} cannot be opened with the password of "
            "password_env; check the password, then that the file is PKCS#12"
        ) from error
    if key is None or leaf is None:
        raise ConfigurationError(
            f"sut.toml, [pki] {name}: {source} lacks a key or a certificate; export both"
        )
    certificate, private = work / f"{name}.pem", work / f"{name}.key.pem"
    chain = [leaf, *others]
    certificate.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in chain))
    private.touch(mode=0o600)
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    files[name] = {"certificate": str(certificate), "key": str(private)}
    unit = leaf.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATIONAL_UNIT_NAME)
    organisation = leaf.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return (
        str(unit[0].value) if unit else "",
        str(organisation[0].value) if organisation else "",
    )


def _joined(target: Path, sources: list[Path]) -> Path:
    target.write_bytes(b"\n".join(source.read_bytes() for source in sources))
    return target


def _check_pem(path: Path, load: Callable[[bytes], object]) -> None:
    try:
        load(path.read_bytes())
    except ValueError as error:
        raise ConfigurationError(
            f"sut.toml, [pki]: {path} is not PEM ({error}); convert it with openssl"
        ) from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time makes the PKI of a folder."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (folder.parent / f".{folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise ConfigurationError(
            f"the test PKI cannot be kept in {folder} ({error.strerror}); "
            "give another folder in DMP_CERTIFY_HOME"
        ) from error
