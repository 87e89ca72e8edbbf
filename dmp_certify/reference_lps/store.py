"""What the product remembers between two intents: sessions, documents sent, lots refused."""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dmp_certify.clock import iso, parse_iso

_TABLES = """
create table if not exists installation (
    id integer primary key, root text not null, last integer not null
);
create table if not exists session (person text primary key, login text not null);
create table if not exists sent (
    unique_id text primary key, set_id text not null, version integer not null,
    digest text not null
);
create table if not exists waiting (place text primary key, lot text not null);
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A document that the DMP accepted."""

    unique_id: str
    set_id: str
    version: int
    digest: str


class Store:
    """One SQLite file in the product's state folder; every change is committed at once.

    `root` is the OID of this installation, drawn at its first start from the UUID arc
    (ITU-T X.667), which needs no registration. What the installation names is numbered below it.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "lps.sqlite"
        with closing(self._open()) as connection:
            connection.executescript(_TABLES)
        drawn = f"2.25.{uuid.uuid4().int}"
        self._write("insert or ignore into installation values (1, ?, 0)", drawn)
        row = self._row("select root from installation")
        self.root = row[0] if row else drawn

    def new_oid(self) -> str:
        """An OID below the root that was never given before."""
        number = "update installation set last = last + 1 returning last"
        with closing(self._open()) as connection, connection:
            return f"{self.root}.{connection.execute(number).fetchone()[0]}"

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)

    def _write(self, statement: str, *values: object) -> None:
        with closing(self._open()) as connection, connection:
            connection.execute(statement, values)

    def _row(self, statement: str, *values: object) -> tuple[str, ...] | None:
        with closing(self._open()) as connection:
            row: tuple[str, ...] | None = connection.execute(statement, values).fetchone()
            return row

    def login(self, person: str, moment: datetime) -> datetime:
        """When this user logged in to the product; the first call logs them in."""
        self._write("insert or ignore into session values (?, ?)", person, iso(moment))
        row = self._row("select login from session where person = ?", person)
        return parse_iso(row[0]) if row else moment

    def remember_sent(self, document: Sent) -> None:
        """Notes a document that the DMP accepted."""
        self._write(
            "insert or replace into sent values (?, ?, ?, ?)",
            document.unique_id,
            document.set_id,
            document.version,
            document.digest,
        )

    def sent(self, unique_id: str) -> Sent | None:
        """A document sent earlier."""
        row = self._row("select * from sent where unique_id = ?", unique_id)
        return Sent(row[0], row[1], int(row[2]), row[3]) if row else None

    def was_sent(self, digest: str) -> bool:
        """True when these very bytes were accepted by the DMP before."""
        return self._row("select 1 from sent where digest = ?", digest) is not None

    def keep_waiting(self, place: str, lot: str) -> None:
        """Keeps a lot that the DMP refused, to be sent again."""
        self._write("insert or replace into waiting values (?, ?)", place, lot)

    def waiting(self, place: str) -> str | None:
        """The lot kept at a place, or None when there is nothing to send again."""
        row = self._row("select lot from waiting where place = ?", place)
        return row[0] if row else None

    def forget(self, place: str) -> None:
        """Drops the lot kept at a place."""
        self._write("delete from waiting where place = ?", place)
