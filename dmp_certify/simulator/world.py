"""The state of the simulated DMP: patients, records, documents, and what may happen to them.

State changes only through named transitions, each kept with its moment: the history of a world
can be read back (`World.history`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dmp_certify import clock
from dmp_certify.errors import ConfigurationError
from dmp_certify.simulator.people import Patient, invent
from dmp_certify.simulator.store import Store

APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"


@dataclass(frozen=True, slots=True)
class Record:
    """One patient's DMP. `status` is `active` or `closed`; a missing record is simply absent.

    `authorisation` is the AUTORISATION of the answer to TD0.2 (VALIDE, EXPIRE, INTERDIT,
    NON_EXISTE); the booleans are STATUT_MT, COMPTE_INTERNET_OUVERT and RATTACHEMENT_ENS.
    """

    ins: str
    status: str = "active"
    authorisation: str = "VALIDE"
    attending_doctor: bool = False
    internet_account: bool = True
    attached: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """One stored document; `content` is byte-exact, `metadata` its ExtrinsicObject as XML."""

    entry_uuid: str
    unique_id: str
    ins: str
    lot: str
    title: str
    mime_type: str
    sha1: str
    status: str
    metadata: str
    content: bytes


class World:
    """Patients, records and documents; safe to use from several threads."""

    def __init__(self, path: Path | None = None) -> None:
        """The world kept in the SQLite file `path`, or one in memory."""
        self._store = Store(path)

    @classmethod
    def invented(cls, seed: int | str, path: Path | None = None) -> World:
        """The default world: three invented patients, with an active, a closed and no record."""
        world = cls(path)
        if not world.patients():
            with world.transaction():
                for patient, status in zip(
                    invent(seed, 3), ("active", "closed", "absent"), strict=True
                ):
                    world.add(patient, status)
        return world

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What happens inside happens as a whole, or not at all on an exception."""
        with self._store.transaction():
            yield

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def add(self, patient: Patient, status: str = "active", **record: Any) -> None:
        """Make `patient` known, with a record that is `active` or `closed`, or with none."""
        if status not in ("active", "closed", "absent"):
            raise ConfigurationError(f"status {status!r} of a record: active, closed or absent")
        self.apply("patient-known", **asdict(patient))
        if status != "absent":
            self.apply("record-created", ins=patient.ins, **record)
        if status == "closed":
            self.apply("record-closed", ins=patient.ins)

    def apply(self, name: str, **fields: Any) -> None:
        """Carry out the transition `name`. Raises ConfigurationError when it cannot happen."""
        if name not in TRANSITIONS:
            raise ConfigurationError(f"no transition {name!r}; known: {', '.join(TRANSITIONS)}")
        with self._store.transaction():
            TRANSITIONS[name](self._store, fields)
            kept = {key: item for key, item in fields.items() if not isinstance(item, bytes)}
            self._store.run(
                "INSERT INTO transitions (at, name, fields) VALUES (?, ?, ?)",
                clock.iso(clock.now()),
                name,
                json.dumps(kept, sort_keys=True),
            )

    def patients(self) -> list[Patient]:
        """Every known patient, in the order of arrival."""
        return [Patient(**row) for row in self._store.rows("SELECT * FROM patients ORDER BY rowid")]

    def patient(self, ins: str, oid: str) -> Patient | None:
        """The patient with this identifier."""
        row = self._store.row("SELECT * FROM patients WHERE ins = ? AND ins_oid = ?", ins, oid)
        return Patient(**row) if row else None

    def record(self, ins: str) -> Record | None:
        """The record of the patient `ins`; None when it is absent."""
        row = self._store.row("SELECT * FROM records WHERE ins = ?", ins)
        if row is None:
            return None
        flags = ("attending_doctor", "internet_account", "attached")
        return Record(**{**row, **{name: bool(row[name]) for name in flags}})

    def documents(self, ins: str | None = None) -> list[Document]:
        """The documents of one patient, or all, oldest first."""
        where, values = ("", ()) if ins is None else ("WHERE ins = ?", (ins,))
        rows = self._store.rows(f"SELECT * FROM documents {where} ORDER BY rowid", *values)
        return [Document(**row) for row in rows]

    def document(self, identifier: str) -> Document | None:
        """The document with this uniqueId or entryUUID."""
        row = self._store.row(
            "SELECT * FROM documents WHERE unique_id = ? OR entry_uuid = ?", identifier, identifier
        )
        return Document(**row) if row else None

    def has_lot(self, unique_id: str) -> bool:
        """Whether a submission set with this uniqueId was stored."""
        return self._store.row("SELECT 1 FROM lots WHERE unique_id = ?", unique_id) is not None

    def associations(self) -> list[dict[str, Any]]:
        """Every association: `entry_uuid`, `lot`, `kind`, `source`, `target`."""
        return self._store.rows("SELECT * FROM associations ORDER BY rowid")

    def history(self) -> list[tuple[str, dict[str, Any]]]:
        """The transitions so far: name and fields."""
        rows = self._store.rows("SELECT name, fields FROM transitions ORDER BY seq")
        return [(row["name"], json.loads(row["fields"])) for row in rows]


def _patient_known(store: Store, fields: dict[str, Any]) -> None:
    _insert(store, "patients", fields)


def _record_created(store: Store, fields: dict[str, Any]) -> None:
    _insert(store, "records", asdict(Record(**fields)))


def _record_closed(store: Store, fields: dict[str, Any]) -> None:
    _set(store, "UPDATE records SET status = 'closed' WHERE ins = ?", fields["ins"])


def _record_reactivated(store: Store, fields: dict[str, Any]) -> None:
    _set(store, "UPDATE records SET status = 'active' WHERE ins = ?", fields["ins"])


def _authorisation_set(store: Store, fields: dict[str, Any]) -> None:
    sql = "UPDATE records SET authorisation = ? WHERE ins = ?"
    _set(store, sql, fields["value"], fields["ins"])


def _lot_stored(store: Store, fields: dict[str, Any]) -> None:
    _insert(store, "lots", fields)


def _document_stored(store: Store, fields: dict[str, Any]) -> None:
    sha1 = hashlib.sha1(fields["content"], usedforsecurity=False).hexdigest()
    _insert(store, "documents", {"status": APPROVED, "sha1": sha1, **fields})


def _document_deprecated(store: Store, fields: dict[str, Any]) -> None:
    sql = "UPDATE documents SET status = ? WHERE entry_uuid = ?"
    _set(store, sql, DEPRECATED, fields["entry_uuid"])


def _associated(store: Store, fields: dict[str, Any]) -> None:
    _insert(store, "associations", fields)


def _insert(store: Store, table: str, fields: dict[str, Any]) -> None:
    import sqlite3

    names = ", ".join(fields)
    marks = ", ".join("?" * len(fields))
    try:
        store.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *fields.values())
    except sqlite3.Error as error:
        raise ConfigurationError(f"{table} cannot take {sorted(fields)}: {error}") from error


def _set(store: Store, sql: str, *values: Any) -> None:
    if store.run(sql, *values) != 1:
        raise ConfigurationError(f"nothing to change in the world for {values[-1]!r}")


TRANSITIONS: dict[str, Callable[[Store, dict[str, Any]], None]] = {
    "patient-known": _patient_known,
    "record-created": _record_created,
    "record-closed": _record_closed,
    "record-reactivated": _record_reactivated,
    "authorisation-set": _authorisation_set,
    "lot-stored": _lot_stored,
    "document-stored": _document_stored,
    "document-deprecated": _document_deprecated,
    "association-stored": _associated,
}
