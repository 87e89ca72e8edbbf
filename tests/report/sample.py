"""A small run with every kind of verdict: real ledger, real bytes, made-up product."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dmp_certify.catalogue.check import CheckTexts
from dmp_certify.catalogue.profiles import Profile
from dmp_certify.catalogue.requirements import Requirement
from dmp_certify.evidence.ledger import Ledger
from dmp_certify.evidence.reader import Evidence
from dmp_certify.finding import Finding, Place, Text
from dmp_certify.outcome import Cause, Obligation, Outcome
from dmp_certify.report.model import Basis

BEGUN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

VIHF = """<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope">
  <soap:Header>
    <wsse:Security xmlns:wsse="urn:wsse">
      <saml2:Assertion xmlns:saml2="urn:saml2" ID="_7f0c" IssueInstant="2026-11-23T09:00:03Z">
        <saml2:Issuer>CN=cabinet,O=Éditeur &amp; Fils</saml2:Issuer>
        <saml2:Conditions NotBefore="2026-11-23T08:00:00Z"
                          NotOnOrAfter="2026-11-23T08:59:59Z"/>
        <saml2:AttributeStatement>
          <saml2:Attribute Name="LPS_Nom"><saml2:AttributeValue>Cabinet+</saml2:AttributeValue>
          </saml2:Attribute>
        </saml2:AttributeStatement>
      </saml2:Assertion>
    </wsse:Security>
  </soap:Header>
  <soap:Body><!-- <script>alert("é")</script> --></soap:Body>
</soap:Envelope>
"""
HOSTILE = '<b onclick="x()">&amp;</b></td></tr><script>alert(1)</script>\x00\x1b[31m\ud800 ]]>'


def row(
    identifier: str,
    fr: str,
    en: str,
    obligation: Obligation = Obligation.MUST,
    verification: str = "message",
    applies: str = "",
    section: str = "VIHF",
    reason: str = "",
) -> Requirement:
    return Requirement(
        id=identifier,
        document="dmp-interfaces-2.10",
        section=section,
        actor="LPS",
        obligation=obligation,
        applies=applies,
        from_=date(2020, 1, 1),
        until=None,
        verification=verification,
        reason=reason,
        title=Text(fr, en),
        source="Guide d'intégration DMP, § 3.2",
    )


ROWS = (
    row(
        "EX_0.1-1020",
        "La connexion est établie en TLS 1.2 avec authentification mutuelle.",
        "The connection is established in TLS 1.2 with mutual authentication.",
        section="Transport",
    ),
    row(
        "DC-SOAP-001",
        "Le message est une enveloppe SOAP 1.2.",
        "The message is a SOAP 1.2 envelope.",
        section="SOAP",
    ),
    row(
        "EX_VIHF-040",
        "L'assertion VIHF est en cours de validité à sa réception.",
        "The VIHF assertion is valid when it is received.",
    ),
    row(
        "EX_VIHF-060",
        "Le rôle du professionnel est issu de la table des professions.",
        "The professional's role comes from the table of professions.",
        Obligation.SHOULD,
    ),
    row(
        "EX_2.1-1140",
        "L'auteur du document figure dans les métadonnées.",
        "The author of the document is in the metadata.",
        section="XDS",
    ),
    row(
        "EX_2.1-1260",
        "Le document est transmis en MTOM/XOP.",
        "The document is sent as MTOM/XOP.",
        Obligation.MAY,
        section="XDS",
    ),
    row(
        "EX_GEN-1060",
        "Un document inchangé n'est pas renvoyé.",
        "An unchanged document is not sent again.",
        verification="behaviour",
        section="Comportement",
    ),
    row(
        "EX_GEN-1900",
        "Le refus du DMP est montré au professionnel.",
        "The DMP's refusal is shown to the professional.",
        verification="attested",
        section="Comportement",
    ),
    row(
        "EX_DIR-010",
        "En authentification directe, l'assertion est signée par la carte CPS.",
        "With direct authentication the assertion is signed by the CPS card.",
        applies="authentication=direct",
    ),
    row(
        "REC_GEN-1050",
        "Conduite de l'alimentation selon la réponse de l'éditeur.",
        "How feeding is conducted, as the vendor answers.",
        verification="none",
        section="Comportement",
        reason="Le texte de l'exigence n'est pas public.",
    ),
)

TEXTS = {
    "vihf.assertion-expired": CheckTexts(
        Text(
            "L'assertion VIHF n'est plus valide à sa réception.",
            "The VIHF assertion is no longer valid when it is received.",
        ),
        Text(
            "une assertion dont NotOnOrAfter précède l'instant de réception.",
            "an assertion whose NotOnOrAfter is at or before the moment of reception.",
        ),
        Text(
            "une assertion périmée fait agir au présent une authentification passée.",
            "an expired assertion lets a past authentication act in the present.",
        ),
        Text(
            "construire l'assertion à chaque appel et garder le poste à l'heure.",
            "build the assertion for each call, and keep the workstation clock in step.",
        ),
    ),
}


def finding(
    check: str,
    outcome: Outcome,
    *rows: str,
    exchange: str = "0001",
    place: Place | None = None,
    expected: Text | None = None,
    observed: Text | None = None,
    cause: str = "",
) -> Finding:
    empty = Text.same("")
    return Finding(
        check,
        outcome,
        rows,
        place or Place(f"exchange/{exchange}/request"),
        expected or empty,
        observed or empty,
        exchange,
        cause,
    )


def expired(exchange: str) -> Finding:
    return finding(
        "vihf.assertion-expired",
        Outcome.FAIL,
        "EX_VIHF-040",
        exchange=exchange,
        place=Place(
            f"exchange/{exchange}/request/body",
            "/soap:Envelope/soap:Header/wsse:Security/saml2:Assertion/saml2:Conditions"
            "/@NotOnOrAfter",
            8,
        ),
        expected=Text("postérieur à 2026-11-23T09:00:03Z", "after 2026-11-23T09:00:03Z"),
        observed=Text.same("2026-11-23T08:59:59Z"),
        cause=Cause.PRODUCT,
    )


FINDINGS: tuple[Finding, ...] = (
    finding("transport.tls-version", Outcome.PASS, "EX_0.1-1020"),
    finding("soap.version", Outcome.PASS, "DC-SOAP-001"),
    finding("soap.version", Outcome.PASS, "DC-SOAP-001", exchange="0002"),
    expired("0001"),
    expired("0002"),
    finding(
        "vihf.role",
        Outcome.FAIL,
        "EX_VIHF-060",
        place=Place("exchange/0001/request/body", "/soap:Envelope", 10),
        expected=Text("un code de la table", "a code of the table"),
        observed=Text.same(HOSTILE),
        cause=Cause.PRODUCT,
    ),
    finding(
        "xds.author",
        Outcome.BLOCKED,
        "EX_2.1-1140",
        exchange="0002",
        place=Place("exchange/0002/request/body", "", 3),
        expected=Text("un contenu lisible", "readable content"),
        observed=Text("XML mal formé : ligne 3", "not well-formed XML: line 3"),
        cause=Cause.PRODUCT,
    ),
    finding("xds.inline", Outcome.FAIL, "EX_2.1-1260", observed=Text.same("base64")),
)
CLEAN: tuple[Finding, ...] = tuple(
    finding("a.check", Outcome.PASS, each.id)
    for each in ROWS
    if each.verification in ("message", "behaviour") and not each.applies
)


def basis(rows: Sequence[Requirement] = ROWS) -> Basis:
    profile = Profile(
        "alimentation",
        "2.10",
        Text("Alimentation du DMP", "Feeding the DMP"),
        tuple(each for each in rows if each.verification in ("message", "behaviour")),
        tuple(each for each in rows if each.verification in ("attested", "none")),
        (),
    )
    return Basis(profile, TEXTS, {("Cabinet+", "4.2.0", "HOM-0042"): 2})


def ticking() -> Callable[[], datetime]:
    seconds = itertools.count()
    return lambda: BEGUN + timedelta(seconds=next(seconds))


@cache
def certificate() -> bytes:
    key = ec.derive_private_key(7, ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cabinet-auth-cli")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(77)
        .not_valid_before(BEGUN - timedelta(days=1))
        .not_valid_after(BEGUN + timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def request(exchange: str) -> bytes:
    body = VIHF.encode()
    return (
        b"POST /si-dmp-server/v2/services/repository HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/soap+xml; charset=UTF-8\r\n"
        b"X-Exchange: " + exchange.encode() + b"\r\n"
        b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
    )


def record(folder: Path, *, attested: bool = True, ended: bool = True) -> Evidence:
    """Write the run into `folder` and open it."""
    with Ledger.create(folder, ticking()) as ledger:
        sut = ledger.put(b'[product]\nname = "Cabinet+"\n')
        ledger.append(
            "run",
            id="0191-demo",
            seed=42,
            profiles=[{"id": "alimentation", "edition": "2.10"}],
            product={
                "vendor": "Éditeur & Fils <SARL>",
                "name": "Cabinet+",
                "version": "4.2.0",
                "approval_id": "HOM-0042",
            },
            conformance={"authentication": "indirect"},
            suite={"version": "0.1.0", "baseline_digest": "ab" * 32},
            environment={"python": "3.11", "platform": "Linux"},
            trust=[],
            crls=[],
            sut_toml=sut,
        )
        leaf = ledger.put(certificate())
        tls = {"version": "TLSv1.2", "cipher": "ECDHE-RSA-AES256-GCM-SHA384", "sni": None}
        ledger.append(
            "connection",
            id="c0001",
            peer="127.0.0.1:50001",
            established=True,
            tls={**tls, "client_chain": [leaf]},
        )
        ledger.append(
            "connection", id="c0002", peer="127.0.0.1:50002", established=False, reason="x", tls={}
        )
        ledger.append("scenario-begun", scenario="feed-pdf")
        for exchange in ("0001", "0002"):
            ledger.append(
                "exchange",
                id=exchange,
                connection="c0001",
                received_at="2026-11-23T09:00:03.000000Z",
                answered_at="2026-11-23T09:00:03.100000Z",
                request={"blob": ledger.put(request(exchange)), "complete": True, "problem": ""},
                response={"blob": ledger.put(b"HTTP/1.1 200 OK\r\n\r\n"), "status": 200},
                scenario="feed-pdf",
                step="1",
                disturbance=None,
            )
        step = {"scenario": "feed-pdf", "step": "feed"}
        ledger.append("step-begun", **step, act="ask", order={"intent": "feed", "parameters": {}})
        answer = {"outcome": "done", "shown": "Envoyé <b>é\x00", "detail": {}}
        ledger.append("step-ended", **step, answer=answer, words={})
        ledger.append("scenario-ended", scenario="feed-pdf")
        ledger.append("scenario-skipped", scenario="feed-vital", unclaimed=["TD0.5"])
        if attested:
            ledger.append(
                "attestation",
                requirements=["EX_GEN-1900"],
                holds=True,
                by="Dr Camille Test, directrice technique",
                evidence=["exchange/0002"],
                question={
                    "fr": "Le message du DMP est-il affiché ?",
                    "en": "Is the DMP's message shown?",
                },
                remark="",
                scenario="refusal-is-shown",
            )
        if ended:
            ledger.append("run-ended")
    return Evidence.open(folder)
