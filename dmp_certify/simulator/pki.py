"""A test PKI shaped like IGC-Santé, in a folder: authorities, CRLs, and credentials to present.

Good credentials: `org-auth-cli` (TLS client), `org-sign` (VIHF and submission set signature).
Each of the others has exactly one fault, which its name says.
"""

from __future__ import annotations

import datetime
import json
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from dmp_certify import clock
from dmp_certify.errors import ConfigurationError
from dmp_certify.simulator import certificates
from dmp_certify.simulator.certificates import Dates, Issuer, Use

STRUCTURE_ID = "1990000010"  # prefix 1, then a FINESS number; department 99 belongs to nobody
STRUCTURE_NAME = "CENTRE DE SANTE DE TEST"
DEPARTMENT = "Paris (75)"
# Test keys protect nothing: the password only exercises the products that ask for one.
PASSWORD = "dmp-certify-test"

_ROOT = "TEST AC RACINE IGC-SANTE ELEMENTAIRE"
_ORGANISATIONS = "TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS"
_HOSTS = ("localhost", "127.0.0.1", "::1")
_DAY = datetime.timedelta(days=1)
_INDEX = "pki.json"


@dataclass(frozen=True, slots=True)
class Credential:
    """Files of one certificate: PEM chain (leaf first), PEM key, PKCS#12 of both."""

    certificate: Path
    key: Path
    pkcs12: Path
    password: str


@dataclass(frozen=True, slots=True)
class _Kind:
    use: Use
    key: str
    age: str = "valid"
    revoked: bool = False
    issuer: str = "organisations"


_CREDENTIALS = {
    "server": _Kind(Use.SERVER, "server"),
    "org-auth-cli": _Kind(Use.CLIENT, "auth"),
    "expired-auth-cli": _Kind(Use.CLIENT, "auth", age="expired"),
    "not-yet-valid-auth-cli": _Kind(Use.CLIENT, "auth", age="future"),
    "revoked-auth-cli": _Kind(Use.CLIENT, "auth", revoked=True),
    "wrong-purpose": _Kind(Use.SERVER, "auth"),
    "wrong-ca": _Kind(Use.CLIENT, "auth", issuer="unknown"),
    "org-sign": _Kind(Use.SIGNATURE, "sign"),
    "expired-org-sign": _Kind(Use.SIGNATURE, "sign", age="expired"),
    "not-yet-valid-org-sign": _Kind(Use.SIGNATURE, "sign", age="future"),
    "revoked-org-sign": _Kind(Use.SIGNATURE, "sign", revoked=True),
    "wrong-ca-org-sign": _Kind(Use.SIGNATURE, "sign", issuer="unknown"),
}


class TestPki:
    """The authorities and credentials of one folder."""

    __test__ = False  # a name of the field, not a test case

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ca_bundle = folder / "ca-bundle.pem"
        self.root = folder / "root.pem"
        self.crls = (folder / "root.crl.pem", folder / "organisations.crl.pem")
        self.server = self.credential("server")

    @classmethod
    def create(cls, folder: Path, hosts: Sequence[str] = _HOSTS) -> TestPki:
        """Make the PKI in `folder`, or reuse the one it holds while it is in date.

        `hosts` are the names and addresses of the server's certificate; the name of this machine
        is always one of them, for servers that listen on every address.
        """
        hosts = tuple(dict.fromkeys((*hosts, *own_name())))
        if (folder / _INDEX).exists():
            found = json.loads((folder / _INDEX).read_text("utf-8"))
            fresh = clock.parse_iso(found["until"]) - _DAY > clock.now()
            if fresh and set(hosts) <= set(found["hosts"]):
                return cls(folder)
            for stale in (*folder.glob("*.pem"), *folder.glob("*.p12"), folder / _INDEX):
                stale.unlink()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _Builder(folder).build(hosts)
        return cls(folder)

    @classmethod
    def open(cls, folder: Path) -> TestPki:
        """The PKI that `folder` holds. Raises ConfigurationError when it holds none."""
        if not (folder / _INDEX).exists():
            raise ConfigurationError(f"no test PKI in {folder}; create it, or check the path")
        return cls(folder)

    def credential(self, name: str) -> Credential:
        """The credential called `name`. Raises ConfigurationError when there is none."""
        found = _paths(self.folder, name)
        if not found.certificate.exists():
            known = ", ".join(sorted(self.names()))
            raise ConfigurationError(f"no test credential {name!r}; known ones: {known}")
        return found

    def names(self) -> tuple[str, ...]:
        """The credentials of this PKI."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.p12")))

    def issue(self, name: str, use: Use, structure_id: str, organisation: str) -> Credential:
        """One more valid credential, for another structure; its files are called `name`."""
        issuer = Issuer(
            x509.load_pem_x509_certificate((self.folder / "organisations.pem").read_bytes()),
            _load_key(self.folder / "organisations.key.pem"),
        )
        key = certificates.new_key()
        subject = certificates.organisation_name(name, structure_id, organisation, DEPARTMENT)
        certificate = certificates.certify(
            subject, key.public_key(), issuer, use, _ages(clock.now())["valid"]
        )
        return _write(self.folder, name, certificate, key, [issuer.certificate])


class _Builder:
    """Makes a whole PKI; few keys, because making them is what takes time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ages = _ages(clock.now())
        self.keys = {
            name: certificates.new_key()
            for name in ("root", "organisations", "unknown", "server", "auth", "sign")
        }

    def build(self, hosts: Sequence[str]) -> None:
        """Write every file; the index comes last, so that a half-made PKI is never reused."""
        root = self._authority(_ROOT, "root", self.keys["root"])
        issuers = {
            "organisations": self._authority(_ORGANISATIONS, "organisations", root),
            "unknown": self._authority("AC INCONNUE", "unknown", self.keys["unknown"]),
        }
        revoked = []
        for name, kind in _CREDENTIALS.items():
            certificate = self._leaf(name, kind, issuers[kind.issuer], hosts)
            chain = [issuers[kind.issuer].certificate]
            _write(self.folder, name, certificate, self.keys[kind.key], chain)
            if kind.revoked:
                revoked.append(certificate)
        self._lists(root, issuers["organisations"], revoked)
        bundle = [root.certificate, issuers["organisations"].certificate]
        (self.folder / "ca-bundle.pem").write_bytes(b"".join(map(_pem, bundle)))
        (self.folder / "root.pem").write_bytes(_pem(root.certificate))
        (self.folder / "organisations.pem").write_bytes(_pem(bundle[1]))
        _write_key(self.folder / "organisations.key.pem", self.keys["organisations"])
        until = clock.iso(self.ages["list"].end)
        index = {"until": until, "hosts": list(hosts), "structure": STRUCTURE_ID}
        (self.folder / _INDEX).write_text(json.dumps(index), "utf-8")

    def _authority(self, name: str, key: str, issuer: Issuer | rsa.RSAPrivateKey) -> Issuer:
        certificate = certificates.certify(
            certificates.authority_name(name),
            self.keys[key].public_key(),
            issuer,
            Use.AUTHORITY,
            self.ages["authority"],
        )
        return Issuer(certificate, self.keys[key])

    def _leaf(
        self, name: str, kind: _Kind, issuer: Issuer, hosts: Sequence[str]
    ) -> x509.Certificate:
        common_name = hosts[0] if name == "server" else f"{STRUCTURE_NAME} {name}".upper()
        return certificates.certify(
            certificates.organisation_name(
                common_name[:64], STRUCTURE_ID, STRUCTURE_NAME, DEPARTMENT
            ),
            self.keys[kind.key].public_key(),
            issuer,
            kind.use,
            self.ages[kind.age],
            hosts if kind.use is Use.SERVER else (),
        )

    def _lists(
        self, root: Issuer, organisations: Issuer, revoked: Sequence[x509.Certificate]
    ) -> None:
        for name, issuer, entries in (
            ("root", root, []),
            ("organisations", organisations, list(revoked)),
        ):
            crl = certificates.revocation_list(issuer, entries, self.ages["list"], 1)
            pem = crl.public_bytes(serialization.Encoding.PEM)
            (self.folder / f"{name}.crl.pem").write_bytes(pem)


def own_name() -> tuple[str, ...]:
    """The name of this machine, when it is one that a certificate can hold."""
    name = socket.gethostname()
    return (name,) if re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?", name) else ()


def _ages(now: datetime.datetime) -> dict[str, Dates]:
    return {
        "authority": Dates(now - 800 * _DAY, now + 3650 * _DAY),
        "valid": Dates(now - _DAY, now + 365 * _DAY),
        "expired": Dates(now - 400 * _DAY, now - 30 * _DAY),
        "future": Dates(now + 30 * _DAY, now + 365 * _DAY),
        "list": Dates(now - _DAY, now + 90 * _DAY),
    }


def _paths(folder: Path, name: str) -> Credential:
    return Credential(
        folder / f"{name}.pem", folder / f"{name}.key.pem", folder / f"{name}.p12", PASSWORD
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write(
    folder: Path,
    name: str,
    certificate: x509.Certificate,
    key: rsa.RSAPrivateKey,
    chain: list[x509.Certificate],
) -> Credential:
    files = _paths(folder, name)
    files.certificate.write_bytes(b"".join(map(_pem, [certificate, *chain])))
    _write_key(files.key, key)
    files.pkcs12.write_bytes(
        pkcs12.serialize_key_and_certificates(
            name.encode(),
            key,
            certificate,
            chain,
            serialization.BestAvailableEncryption(PASSWORD.encode()),
        )
    )
    return files


def _write_key(path: Path, key: rsa.RSAPrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _load_key(path: Path) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key
