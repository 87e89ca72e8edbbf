"""`sut.toml`: what the product is, what it claims, and how it is made to act.

Every departure is one sentence: what is wrong, where, and what to do next (ConfigurationError).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmp_certify.engine.claims import claimable
from dmp_certify.errors import ConfigurationError

REFERENCE = "reference"
# The same product without a process of its own; no sut.toml can ask for it.
IN_PROCESS = "in-process"
KINDS = ("command", "http", "human")
AUTH_MODES = ("DIRECTE", "INDIRECTE", "INDIRECTE_RENFORCEE")

_STRINGS = "a list of strings"
_TEXT = "a string"
_NUMBER = "a number"
_TABLE = "a table"
_SHAPES: Mapping[str, Mapping[str, str]] = {
    "product": dict.fromkeys(("vendor", "name", "version", "approval_id"), _TEXT),
    "conformance": {
        "auth_modes": _STRINGS,
        "transactions": _STRINGS,
        "professions": _STRINGS,
        "documents": _STRINGS,
        "features": _STRINGS,
        "identifiers": _STRINGS,
        "pdf_type": _TABLE,
        "structured_type": _TABLE,
    },
    "driver": {
        "kind": _TEXT,
        "command": _STRINGS,
        "url": _TEXT,
        "timeout_seconds": _NUMBER,
        "patience_seconds": _NUMBER,
    },
    "pki": {
        "auth": _TEXT,
        "sign": _TEXT,
        "password_env": _TEXT,
        "trust": _STRINGS,
        "crls": _STRINGS,
    },
    "user": {
        "id": _TEXT,
        "family": _TEXT,
        "given": _TEXT,
        "profession": _TABLE,
        "specialty": _TABLE,
    },
    "structure": {"id": _TEXT, "name": _TEXT, "sector": _TABLE},
}
_CODED = ("code", "code_system", "display_name")
_REQUIRED = {
    "product": ("vendor", "name", "version", "approval_id"),
    "conformance": ("auth_modes", "transactions", "professions", "documents"),
    "driver": ("kind",),
    "pki": ("auth", "sign", "trust", "crls"),
    "user": ("id", "family", "given", "profession"),
    "structure": ("id", "name", "sector"),
}
_DRIVER_KEYS = {
    "command": {"command"},
    "http": {"url"},
    "human": set[str](),
}
_KINDS_OF_VALUE: Mapping[str, type | tuple[type, ...]] = {
    _TEXT: str,
    _NUMBER: (int, float),
    _TABLE: dict,
    _STRINGS: list,
}


@dataclass(frozen=True, slots=True)
class Sut:
    """A `sut.toml` that holds together. Relative paths in it count from `folder`.

    `driver["kind"]` is command, http, human, or reference for the bundled product; `sin` then
    names the one fault it commits. `pki`, `user` and `structure` are empty when the suite lends
    its own. `text` is the file, byte for byte.
    """

    product: Mapping[str, str]
    conformance: Mapping[str, Any]
    driver: Mapping[str, Any]
    pki: Mapping[str, Any]
    user: Mapping[str, Any]
    structure: Mapping[str, Any]
    text: bytes
    folder: Path
    sin: str = ""

    @property
    def patience(self) -> float:
        """Seconds that the suite waits for a message after the product says it is done."""
        return float(self.driver.get("patience_seconds", 10))

    @property
    def timeout(self) -> float:
        """Seconds that the product has to carry out one intent."""
        return float(self.driver.get("timeout_seconds", 120))

    def path(self, text: str) -> Path:
        """A path of the file, counted from its folder."""
        return self.folder / Path(text).expanduser()


def load(name: str, sin: str = "") -> Sut:
    """The product under test: a `sut.toml`, or `reference` for the bundled product.

    `sin` makes the reference product commit one fault, and is refused for any other.
    """
    if name == REFERENCE:
        return reference(sin)
    if sin:
        raise ConfigurationError(
            f"--sin {sin} is for the bundled product; use it with --sut {REFERENCE}"
        )
    file = Path(name)
    try:
        text = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{file} cannot be read ({error.strerror}); write one with `dmp-certify init`"
        ) from error
    return parse(text, file)


def parse(text: bytes, file: Path) -> Sut:
    """The product described in `text`; `file` is named in messages and anchors paths."""
    try:
        raw = tomllib.loads(text.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file} is not UTF-8 ({error}); save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file} is not TOML: {error}; correct that line") from error
    _known(raw, list(_SHAPES), str(file), "table")
    tables = {name: _table(raw, name, file) for name in _SHAPES}
    _driver(tables["driver"], file)
    _conformance(tables["conformance"], file)
    sut = Sut(
        product=tables["product"],
        conformance=tables["conformance"],
        driver=tables["driver"],
        pki=tables["pki"],
        user=tables["user"],
        structure=tables["structure"],
        text=text,
        folder=file.resolve().parent,
    )
    for key in ("auth", "sign", "trust", "crls"):
        for each in _listed(tables["pki"].get(key)):
            if not sut.path(each).is_file():
                raise ConfigurationError(
                    f"{file}, [pki] {key}: {sut.path(each)} does not exist; correct the path"
                )
    return sut


def reference(sin: str = "") -> Sut:
    """The bundled reference product, with one sin or none."""
    from dmp_certify.reference_lps import product

    text = _REFERENCE.format(
        vendor=product.VENDOR,
        name=product.NAME,
        version=product.VERSION,
        approval_id=product.HOMOLOGATION_ID,
    )
    raw = tomllib.loads(text)
    return Sut(
        product=raw["product"],
        conformance=raw["conformance"],
        driver={**raw["driver"], "kind": REFERENCE},
        pki={},
        user={},
        structure={},
        text=text.encode(),
        folder=Path.cwd(),
        sin=sin,
    )


_REFERENCE = """\
# The product that is bundled with the suite.
[product]
vendor = "{vendor}"
name = "{name}"
version = "{version}"
approval_id = "{approval_id}"

[conformance]
auth_modes = ["INDIRECTE"]
transactions = ["TD0.2", "TD2.1"]
professions = ["10"]
documents = ["level1-pdf", "structured"]

[driver]
timeout_seconds = 60
patience_seconds = 2
"""


def _known(table: Mapping[str, Any], known: Sequence[str], where: str, what: str) -> None:
    for key in table:
        if key not in known:
            raise ConfigurationError(
                f"{where}: unknown {what} {key!r}; the known ones are {', '.join(sorted(known))}"
            )


def _table(raw: Mapping[str, Any], name: str, file: Path) -> dict[str, Any]:
    shape, where = _SHAPES[name], f"{file}, [{name}]"
    if name not in raw and name in ("pki", "user", "structure"):
        return {}
    table = raw.get(name)
    if not isinstance(table, dict):
        raise ConfigurationError(f"{file}: table [{name}] is missing; add it")
    _known(table, list(shape), where, "key")
    for key in _REQUIRED[name]:
        if key not in table:
            raise ConfigurationError(f"{where}: key {key!r} is missing; add it")
    for key, value in table.items():
        _value(value, shape[key], f"{where} {key}")
    return table


def _value(value: Any, shape: str, where: str) -> None:
    fits = isinstance(value, _KINDS_OF_VALUE[shape]) and not isinstance(value, bool)
    if fits and shape == _STRINGS:
        fits = all(isinstance(item, str) for item in value)
    if not fits:
        raise ConfigurationError(f"{where}: must be {shape}, not {value!r}; correct it")
    if shape == _TEXT and not value.strip():
        raise ConfigurationError(f"{where}: is empty; fill it in")
    if shape == _TABLE:
        _known(value, _CODED, where, "key")
        if set(value) != set(_CODED) or not all(isinstance(item, str) for item in value.values()):
            raise ConfigurationError(f"{where}: needs {', '.join(_CODED)}, each a string; add them")


def _driver(table: Mapping[str, Any], file: Path) -> None:
    kind = table["kind"]
    if kind not in KINDS:
        raise ConfigurationError(
            f"{file}, [driver] kind: {kind!r} is not a driver; use one of {', '.join(KINDS)}"
        )
    for key in _DRIVER_KEYS[kind]:
        if not table.get(key):
            raise ConfigurationError(f"{file}, [driver]: driver {kind} needs {key!r}; add it")
    for key in ("timeout_seconds", "patience_seconds"):
        if key in table and not 0 < table[key] <= 86400:
            raise ConfigurationError(
                f"{file}, [driver] {key}: {table[key]} is out of range; give 1 to 86400 seconds"
            )


def _conformance(table: Mapping[str, Any], file: Path) -> None:
    # A misspelt claim would quietly make requirements "not applicable".
    for key, known in claimable().items():
        for word in table.get(key, ()):
            if word not in known:
                raise ConfigurationError(
                    f"{file}, [conformance] {key}: {word!r} is not known; "
                    f"use {', '.join(sorted(known))}"
                )
    for mode in table["auth_modes"]:
        if mode not in AUTH_MODES:
            raise ConfigurationError(
                f"{file}, [conformance] auth_modes: {mode!r} is not a mode; "
                f"use {', '.join(AUTH_MODES)}"
            )


def _listed(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return list(value) if isinstance(value, list) else []
