"""The suite's orders, read into the product's own values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dmp_certify.outcome import DriverOutcome


class OrderError(Exception):
    """The order cannot be understood."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A code, its system (OID) and its display name."""

    code: str
    system: str
    display: str


@dataclass(slots=True)
class Patient:
    """A patient as the product's record holds them; dates are `YYYY-MM-DD`."""

    ins: str
    ins_oid: str
    family_birth: str
    family_used: str
    given: str
    given_list: str
    birth_date: str
    gender: str
    birth_place_code: str
    local_id: str
    local_oid: str

    @property
    def cx(self) -> str:
        """The INS as an HL7 CX."""
        return f"{self.ins}^^^&{self.ins_oid}&ISO^NH"

    @property
    def local_cx(self) -> str:
        """The local identifier as a CX, or the INS when there is none."""
        return f"{self.local_id}^^^&{self.local_oid}&ISO^PI" if self.local_id else self.cx

    @property
    def birth(self) -> str:
        """The date of birth as `YYYYMMDD`."""
        return self.birth_date.replace("-", "")


@dataclass(slots=True)
class Person:
    """The user who is logged in, and the structure they act for."""

    id: str
    family: str
    given: str
    profession: Coded
    specialty: Coded | None
    structure_id: str
    structure_name: str
    sector: Coded


@dataclass(slots=True)
class Endpoint:
    """Where the DMP is, whom to trust, and the two certificates of the structure."""

    base_url: str
    trust: Path
    auth_certificate: Path
    auth_key: Path
    sign_certificate: Path
    sign_key: Path


@dataclass(frozen=True, slots=True)
class DocumentOrder:
    """One document to write, or a file to send as it is."""

    title: str
    type: Coded
    form: str
    path: str
    hidden_from_patient: bool
    hidden_from_professionals: bool


@dataclass(slots=True)
class Order:
    """One intent with all it needs."""

    intent: str
    parameters: Mapping[str, Any]
    person: Person
    endpoint: Endpoint
    scenario: str
    step: str
    raw: Mapping[str, Any] = field(repr=False)

    def place(self, step: str = "") -> str:
        """Under which name what this step leaves unsent is kept; step names repeat elsewhere."""
        return f"{self.scenario}/{step or self.step}"


@dataclass(slots=True)
class Result:
    """What the product answers to the suite."""

    outcome: DriverOutcome
    shown: str
    detail: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The answer of the driver contract."""
        return {"outcome": str(self.outcome), "shown": self.shown, "detail": self.detail}


def read(raw: Mapping[str, Any]) -> Order:
    """An order of the driver contract. Raises OrderError with the missing member."""
    try:
        return Order(
            intent=str(raw["intent"]),
            parameters=raw.get("parameters") or {},
            person=_person(raw["as"]),
            endpoint=_endpoint(raw["endpoint"]),
            scenario=str(raw.get("scenario") or ""),
            step=str(raw.get("step") or ""),
            raw=raw,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise OrderError(f"the order lacks or misspells {error}") from None


def patient(raw: Mapping[str, Any]) -> Patient:
    """The `patient` parameter. Raises OrderError."""
    local = raw.get("local_id") or {}
    try:
        return Patient(
            ins=raw["ins"],
            ins_oid=raw["ins_oid"],
            family_birth=raw["family_birth"],
            family_used=raw.get("family_used") or raw["family_birth"],
            given=raw["given"],
            given_list=raw.get("given_list") or raw["given"],
            birth_date=raw["birth_date"],
            gender=raw["gender"],
            birth_place_code=raw.get("birth_place_code") or "",
            local_id=local.get("id") or "",
            local_oid=local.get("oid") or "",
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise OrderError(f"the patient lacks or misspells {error}") from None


def document(raw: Mapping[str, Any]) -> DocumentOrder:
    """One entry of `documents`. Raises OrderError."""
    try:
        return DocumentOrder(
            title=raw.get("title") or "",
            type=coded(raw.get("type") or {"code": "", "code_system": "", "display_name": ""}),
            form=raw["form"],
            path=raw.get("path") or "",
            hidden_from_patient=bool(raw.get("hidden_from_patient")),
            hidden_from_professionals=bool(raw.get("hidden_from_professionals")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise OrderError(f"the document order lacks or misspells {error}") from None


def coded(raw: Mapping[str, Any]) -> Coded:
    """`{code, code_system, display_name}`."""
    return Coded(raw["code"], raw["code_system"], raw.get("display_name") or raw["code"])


def _person(raw: Mapping[str, Any]) -> Person:
    user, structure = raw["user"], raw["structure"]
    specialty = user.get("specialty")
    return Person(
        id=user["id"],
        family=user["family"],
        given=user["given"],
        profession=coded(user["profession"]),
        specialty=coded(specialty) if specialty else None,
        structure_id=structure["id"],
        structure_name=structure["name"],
        sector=coded(structure["sector"]),
    )


def _endpoint(raw: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        base_url=raw["base_url"].rstrip("/"),
        trust=Path(raw["trust"]),
        auth_certificate=Path(raw["auth"]["certificate"]),
        auth_key=Path(raw["auth"]["key"]),
        sign_certificate=Path(raw["sign"]["certificate"]),
        sign_key=Path(raw["sign"]["key"]),
    )
