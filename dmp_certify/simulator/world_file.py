"""A world described by hand: YAML, checked before anything of it is used.

patients:
  - ins: "2850175056123"        # 13 characters, or 15 with the key
    family_birth: MARTIN
    given: CLAIRE
    birth_date: "1985-01-17"
    gender: F
    record: active              # active, closed or absent
    documents:
      - {title: "Lettre de liaison", file: lettre.xml, unique_id: "2.999.8.1"}
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from dmp_certify.errors import ConfigurationError
from dmp_certify.simulator.people import INS_TEST_OID, LOCAL_OID, Patient, ins_key
from dmp_certify.simulator.world import World

_RECORD = ("authorisation", "attending_doctor", "internet_account", "attached")
_TEXT = {"type": "string", "minLength": 1}
_OID = {"type": "string", "pattern": r"^[0-2](\.(0|[1-9][0-9]*))+$"}
_DOCUMENT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["title", "file", "unique_id"],
    "properties": {"title": _TEXT, "file": _TEXT, "unique_id": _OID, "mime_type": _TEXT},
}
_PATIENT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["ins", "family_birth", "given", "birth_date", "gender", "record"],
    "properties": {
        "ins": {"type": "string", "pattern": "^[12378][0-9]{4}[0-9AB]{2}[0-9]{6}([0-9]{2})?$"},
        "ins_oid": {"enum": [INS_TEST_OID, "1.2.250.1.213.1.4.11"]},
        "family_birth": _TEXT,
        "family_used": _TEXT,
        "given": _TEXT,
        "given_list": _TEXT,
        "birth_date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "gender": {"enum": ["F", "M"]},
        "birth_place_code": {"type": "string", "pattern": "^[0-9AB]{5}$"},
        "local_id": {
            "type": "object",
            "additionalProperties": False,
            "required": ["id", "oid"],
            "properties": {"id": _TEXT, "oid": _OID},
        },
        "record": {"enum": ["active", "closed", "absent"]},
        "authorisation": {"enum": ["VALIDE", "EXPIRE", "INTERDIT", "NON_EXISTE"]},
        "attending_doctor": {"type": "boolean"},
        "internet_account": {"type": "boolean"},
        "attached": {"type": "boolean"},
        "documents": {"type": "array", "items": _DOCUMENT},
    },
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["patients"],
    "properties": {"patients": {"type": "array", "minItems": 1, "items": _PATIENT}},
}


def load(path: Path, world: World) -> list[Patient]:
    """Bring the patients of the file into `world`; those it knows already stay as they are.

    All patients of the file are returned. Raises ConfigurationError that says what is wrong and
    where; then the world is unchanged.
    """
    described = _read(path)
    patients = []
    with world.transaction():
        for number, item in enumerate(described["patients"], 1):
            patient = _patient(item, f"{path}, patient {number}")
            patients.append(patient)
            if world.patient(patient.ins, patient.ins_oid) is None:
                record = {name: item[name] for name in _RECORD if name in item}
                if item["record"] == "absent" and (record or item.get("documents")):
                    raise ConfigurationError(
                        f"{path}, patient {number}: an absent record holds neither rights nor "
                        "documents; remove them, or make the record active"
                    )
                world.add(patient, item["record"], **record)
                for document in item.get("documents", []):
                    _store(world, patient, document, path)
    return patients


def _read(path: Path) -> dict[str, Any]:
    import jsonschema
    import yaml

    try:
        described = yaml.safe_load(path.read_text("utf-8"))
        jsonschema.validate(described, SCHEMA)
    except OSError as error:
        raise ConfigurationError(
            f"the world file {path} cannot be read ({error.strerror}); check its path"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the world file {path} is not YAML: {error}") from error
    except jsonschema.ValidationError as error:
        where = "/".join(map(str, error.absolute_path)) or "its root"
        raise ConfigurationError(f"the world file {path}, at {where}: {error.message}") from error
    return dict(described)


def _patient(item: dict[str, Any], where: str) -> Patient:
    number, key = item["ins"][:13], item["ins"][13:]
    try:
        expected = ins_key(number)
    except ValueError as error:
        raise ConfigurationError(f"{where}: {error}") from error
    if key and key != expected:
        raise ConfigurationError(f"{where}: the key of INS {item['ins']} is {expected}, not {key}")
    local = item.get("local_id", {"id": f"IPP{number[-6:]}", "oid": LOCAL_OID})
    return Patient(
        ins=number + expected,
        ins_oid=item.get("ins_oid", INS_TEST_OID),
        family_birth=item["family_birth"],
        family_used=item.get("family_used"),
        given=item["given"],
        given_list=item.get("given_list", item["given"]),
        birth_date=item["birth_date"],
        gender=item["gender"],
        birth_place_code=item.get("birth_place_code", number[5:10]),
        local_id=local["id"],
        local_oid=local["oid"],
    )


def _store(world: World, patient: Patient, item: dict[str, Any], path: Path) -> None:
    file = path.parent / item["file"]
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"the world file {path} names {file}, which cannot be read ({error.strerror})"
        ) from error
    from dmp_certify.simulator.endpoints.repository import store_given

    cx = f"{patient.ins}^^^&{patient.ins_oid}&ISO^NH"
    mime_type = item.get("mime_type", "text/xml")
    lot = f"2.25.{uuid.uuid4().int}"
    store_given(world, cx, lot, item["unique_id"], item["title"], mime_type, content)
