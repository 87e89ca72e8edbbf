"""What a run leaves behind: the report in every form, and the signed bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmp_certify.errors import ConfigurationError
from dmp_certify.evidence.reader import Evidence
from dmp_certify.report import bundle, identity, model
from dmp_certify.report.derive import derive
from dmp_certify.report.render import excerpt, html, junit, pdf
from dmp_certify.report.sign import Signer


@dataclass(frozen=True, slots=True)
class Delivery:
    """The report and the files that hold it, in the order a reader wants them."""

    report: Mapping[str, Any]
    files: Mapping[str, Path]

    @property
    def ruling(self) -> str:
        return str(self.report["ruling"])


def deliver(folder: Path, profile: str, signer: Signer | None = None) -> Delivery:
    """Judge the run in `folder` and write its report there, signed by `signer`.

    Without a signer, by the identity of this user, made on first use. Raises EvidenceError.
    """
    evidence = Evidence.open(folder / "evidence")
    report = derive(evidence, profile)
    lookup = excerpt.of_evidence(evidence)
    contents = {
        "report.html": html.render(report, lookup).encode(),
        "report.pdf": pdf.render(report, lookup),
        "report.json": model.encode(report),
        "junit.xml": junit.render(report),
    }
    for name, content in contents.items():
        bundle.replace(folder / name, content)
    sealed = folder / f"{folder.name}.dmpcert"
    bundle.write(sealed, evidence, report, signer or identity.ensure().signer())
    files = {name: folder / name for name in contents}
    return Delivery(report, {**files, "dmpcert": sealed})


def signer_of(key: Path | None, certificate: Path | None, password: str | None) -> Signer | None:
    """The signer that the user names: a PKCS#12 file alone, or a PEM key and its certificate."""
    from dmp_certify.report import sign

    if key is None:
        return None
    if certificate is None:
        return sign.from_pkcs12(key, password or "")
    if not certificate.is_file():
        raise ConfigurationError(f"{certificate} does not exist; give the certificate of {key}")
    return sign.from_pem(key, certificate, password)
