"""Documents that are ready to be sent, whether the product wrote them or was given them."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmp_certify.reference_lps import cda, vaccination
from dmp_certify.reference_lps.orders import DocumentOrder
from dmp_certify.reference_lps.setting import Setting
from dmp_certify.reference_lps.stages import Stage
from dmp_certify.reference_lps.store import Sent


class NotPossible(Exception):
    """The product declines what it is asked; the message is for the user."""


class NotSupported(Exception):
    """The product has no such function; the message is for the user."""


@dataclass(slots=True)
class Piece:
    """One document of a lot, as bytes, with what the header alone does not say."""

    data: bytes
    set_id: str
    version: int
    hidden_from_patient: bool
    hidden_from_professionals: bool
    replaces: str | None = None

    @property
    def digest(self) -> str:
        """SHA-1 of the bytes, 40 lower-case hexadecimal digits, as XDS has it."""
        return hashlib.sha1(self.data, usedforsecurity=False).hexdigest()


def prepare(order: DocumentOrder, setting: Setting, replaced: Sent | None = None) -> Piece:
    """Writes or reads one document. Raises NotPossible or NotSupported."""
    if order.hidden_from_patient and order.hidden_from_professionals:
        raise NotPossible(
            "Un document ne peut être à la fois masqué aux professionnels et invisible du patient."
        )
    if order.form == "ready-made":
        return _read(order)
    header = setting.stages.at(Stage.CDA, _header(order, setting, replaced))
    structured = order.form == "structured"
    body = vaccination.body(header) if structured else cda.pdf_body(header)
    return Piece(
        data=cda.write(header, body),
        set_id=header.set_id,
        version=header.version,
        hidden_from_patient=order.hidden_from_patient,
        hidden_from_professionals=order.hidden_from_professionals,
        replaces=replaced.unique_id if replaced else None,
    )


def _header(order: DocumentOrder, setting: Setting, replaced: Sent | None) -> cda.Header:
    header = cda.Header(
        unique_id=setting.store.new_oid(),
        set_id=replaced.set_id if replaced else setting.store.new_oid(),
        version=replaced.version + 1 if replaced else 1,
        type=order.type,
        title=order.title,
        moment=setting.moment,
        patient=setting.patient,
        person=setting.person,
        templates=[cda.UNSTRUCTURED],
        replaces=replaced.unique_id if replaced else None,
    )
    if order.form == "level1-pdf":
        return header
    if order.form != "structured" or order.type.code != vaccination.TYPE.code:
        raise NotSupported(
            f"Ce logiciel ne sait pas écrire de document « {order.type.display} » sous la forme "
            f"« {order.form} » ; il écrit des notes de vaccination structurées (87273-9)."
        )
    if order.hidden_from_patient or order.hidden_from_professionals:
        raise NotPossible("Une note de vaccination ne peut être ni masquée ni invisible.")
    header.templates = list(vaccination.TEMPLATES)
    header.service = vaccination.TYPE
    header.service_end = False
    return header


def _read(order: DocumentOrder) -> Piece:
    try:
        data = Path(order.path).read_bytes()
    except OSError as error:
        raise NotPossible(f"Fichier illisible : {order.path} ({error.strerror}).") from None
    if not data.strip():
        raise NotPossible(f"Document vide : {order.path}.")
    return Piece(
        data=data,
        set_id="",
        version=1,
        hidden_from_patient=order.hidden_from_patient,
        hidden_from_professionals=order.hidden_from_professionals,
    )


def dump(patient: dict[str, Any], pieces: list[Piece]) -> str:
    """A lot as JSON, for the store."""
    kept = [
        {
            "data": base64.b64encode(piece.data).decode(),
            "set_id": piece.set_id,
            "version": piece.version,
            "hidden_from_patient": piece.hidden_from_patient,
            "hidden_from_professionals": piece.hidden_from_professionals,
            "replaces": piece.replaces,
        }
        for piece in pieces
    ]
    return json.dumps({"patient": patient, "pieces": kept})


def load(text: str) -> tuple[dict[str, Any], list[Piece]]:
    """The reverse of `dump`."""
    kept = json.loads(text)
    pieces = [Piece(**{**raw, "data": base64.b64decode(raw["data"])}) for raw in kept["pieces"]]
    return kept["patient"], pieces
