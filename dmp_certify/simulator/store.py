"""The tables that hold a world, and the one connection to them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dmp_certify.errors import ConfigurationError, EvidenceError

_TABLES = """
CREATE TABLE IF NOT EXISTS patients (
    ins TEXT NOT NULL, ins_oid TEXT NOT NULL, family_birth TEXT NOT NULL, family_used TEXT,
    given TEXT NOT NULL, given_list TEXT NOT NULL, birth_date TEXT NOT NULL,
    gender TEXT NOT NULL, birth_place_code TEXT NOT NULL, local_id TEXT NOT NULL,
    local_oid TEXT NOT NULL, PRIMARY KEY (ins, ins_oid));
CREATE TABLE IF NOT EXISTS records (
    ins TEXT PRIMARY KEY, status TEXT NOT NULL, authorisation TEXT NOT NULL,
    attending_doctor INTEGER NOT NULL, internet_account INTEGER NOT NULL,
    attached INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS lots (
    unique_id TEXT PRIMARY KEY, ins TEXT NOT NULL, entry_uuid TEXT NOT NULL,
    metadata TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    entry_uuid TEXT PRIMARY KEY, unique_id TEXT NOT NULL UNIQUE, ins TEXT NOT NULL,
    lot TEXT NOT NULL, title TEXT NOT NULL, mime_type TEXT NOT NULL, sha1 TEXT NOT NULL,
    status TEXT NOT NULL, metadata TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS associations (
    entry_uuid TEXT PRIMARY KEY, lot TEXT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL,
    target TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS transitions (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, name TEXT NOT NULL, fields TEXT NOT NULL);
"""


class Store:
    """A SQLite database shared by threads; one of them at a time holds the transaction.

    `path` None keeps everything in memory. A commit survives the death of the process.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        self._path = path
        try:
            self._connection = sqlite3.connect(
                path if path is not None else ":memory:",
                isolation_level=None,
                check_same_thread=False,
            )
            self._connection.row_factory = sqlite3.Row
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.executescript(_TABLES)
        except sqlite3.Error as error:
            raise ConfigurationError(
                f"the world {path} cannot be opened ({error}); give another file, or remove it"
            ) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the store; what is done inside is kept as a whole, or not at all on an exception.

        A transaction inside another belongs to the outer one. Raises EvidenceError when the disk
        takes no more.
        """
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            try:
                with self._held():
                    yield
            except sqlite3.OperationalError as error:
                raise EvidenceError(
                    f"no room to keep the simulated DMP in {self._path} ({error}); "
                    "free some space, then go on with `run --resume`"
                ) from error

    @contextmanager
    def _held(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # SQLite may have undone everything already when the disk was full.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def run(self, sql: str, *values: Any) -> int:
        """Execute one statement; the number of rows it changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        with self._lock:
            return [dict(row) for row in self._connection.execute(sql, values)]

    def row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        found = self.rows(sql, *values)
        return found[0] if found else None

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()
