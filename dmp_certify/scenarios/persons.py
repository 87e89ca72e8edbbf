"""Who the product's user is when `sut.toml` names nobody: an invented professional."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dmp_certify.errors import ConfigurationError

_PROFESSIONS = {
    "10": "Médecin",
    "21": "Pharmacien",
    "40": "Chirurgien-Dentiste",
    "50": "Sage-Femme",
    "60": "Infirmier",
    "70": "Masseur-Kinésithérapeute",
    "80": "Pédicure-Podologue",
    "86": "Technicien de laboratoire médical",
    "91": "Orthophoniste",
    "92": "Orthoptiste",
}
# Doctors and pharmacists carry a second role in the VIHF, and only they do.
_SPECIALTIES = {
    "10": ("SM26", "1.2.250.1.71.4.2.5", "Qualifié en Médecine Générale (SM)"),
    "21": ("A", "1.2.250.1.71.1.2.8", "Pharmacien titulaire d'officine"),
}
_SECTOR = {
    "code": "SA05",
    "code_system": "1.2.250.1.71.4.2.4",
    "display_name": "Centre de santé",
}


def user(conformance: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """The user of the driver contract: `[user]` of sut.toml, or an invented one.

    Raises ConfigurationError when the first profession claimed is not one that we can invent.
    """
    if stated:
        return dict(stated)
    code = next(iter(conformance.get("professions") or ()), "10")
    if code not in _PROFESSIONS:
        raise ConfigurationError(
            f"sut.toml, [conformance] professions: no invented user for profession {code!r}; "
            "describe your user in a table [user]"
        )
    person: dict[str, Any] = {
        "id": "899700000017",
        "family": "ESSAI",
        "given": "Camille",
        "profession": {
            "code": code,
            "code_system": "1.2.250.1.71.1.2.7",
            "display_name": _PROFESSIONS[code],
        },
    }
    if code in _SPECIALTIES:
        value, system, display = _SPECIALTIES[code]
        person["specialty"] = {"code": value, "code_system": system, "display_name": display}
    return person


def structure(stated: Mapping[str, Any], identifier: str, name: str) -> dict[str, Any]:
    """The structure of the driver contract: `[structure]` of sut.toml, or that of the test PKI."""
    return dict(stated) if stated else {"id": identifier, "name": name, "sector": _SECTOR}


def mode(conformance: Mapping[str, Any]) -> str:
    """How the user authenticates: INDIRECTE when the product claims it, else its first mode."""
    claimed = list(conformance.get("auth_modes") or ())
    return "INDIRECTE" if "INDIRECTE" in claimed or not claimed else str(claimed[0])
