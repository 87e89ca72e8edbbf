"""Wounds: the one deliberate change that makes a good message bad.

In `cases.yaml` a wound is a mapping (or a list of them) with one verb:
  {in: envelope, set: {XPATH: value, ...}}          text of an element, or value of an attribute
  {in: document, remove: XPATH}                     an element or an attribute
  {in: document, insert: {into: XPATH, xml: ..., at: 0}}   children; `at` defaults to the end
  {in: envelope, replace-bytes: [OLD, NEW]}         the first occurrence, which must exist
  {in: document, wrap-bytes: {before: ..., after: ...}}
  {http: {method|target|content|action: value, headers: {Name: value or null}}}
  {tls: {version: TLSv1.1, chain: [expired-auth-cli, ca], established: false, reason: ...}}
  {signers: {vihf: org-auth-cli, lot: other-structure-sign}}
  {parts: {remove: lot}} or {parts: {type: {document: text/plain}}} or {parts: {cid: {...}}}
  {body-bytes: [OLD, NEW]}     the assembled HTTP body, before its length is stated
  {raw-bytes: [OLD, NEW]}      the whole HTTP request as it is sent
  {inline: lot, after: signing}
  {product: {...}} · {conformance: {...}} · {received_at: 2026-11-20T10:30:00Z}
`after: signing` applies the wound once everything is signed; `resign: false` on the case signs
nothing anew (hash, size, lot and VIHF signatures keep the base's values).
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from lxml import etree

from tests.support.bases import NS, Base, load, seal


class WoundError(Exception):
    """A wound that does not fit its base: the case would prove nothing."""


def build(base_name: str, wounds: list[dict[str, Any]], resign: bool = True) -> Base:
    """The base with the wounds, sealed."""
    base = load(base_name)
    if not resign:
        seal(base)
    for wound in wounds:
        if wound.get("after") != "signing":
            inflict(base, wound)
    if resign:
        seal(base)
    for wound in wounds:
        if wound.get("after") == "signing":
            inflict(base, wound)
    return base


def inflict(base: Base, wound: dict[str, Any]) -> None:
    """Apply one wound; WoundError when it changes nothing."""
    where = wound.get("in", "envelope")
    known = set(_VERBS) & set(wound)
    if len(known) != 1:
        raise WoundError(f"a wound has one verb among {sorted(_VERBS)}: {wound}")
    verb = known.pop()
    _VERBS[verb](base, where, wound[verb])


def _edit(base: Base, where: str) -> etree._Element:
    return etree.fromstring(base.get(where))


def _store(base: Base, where: str, root: etree._Element) -> None:
    data = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    base.put(where, data)


def _select(root: etree._Element, path: str) -> list[Any]:
    found = root.xpath(path, namespaces=NS)
    if not found:
        raise WoundError(f"{path} selects nothing")
    return list(found)


def _set(base: Base, where: str, values: dict[str, Any]) -> None:
    root = _edit(base, where)
    for path, value in values.items():
        parent, slash, last = path.rpartition("/")
        if slash and last.startswith("@"):
            for node in _select(root, parent):
                node.set(_qualified(last[1:]), str(value))
        else:
            for node in _select(root, path):
                for child in list(node):
                    node.remove(child)
                node.text = str(value)
    _store(base, where, root)


def _qualified(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{NS[prefix]}}}{local}" if colon else name


def _remove(base: Base, where: str, paths: str | list[str]) -> None:
    root = _edit(base, where)
    for path in [paths] if isinstance(paths, str) else paths:
        parent, slash, last = path.rpartition("/")
        if slash and last.startswith("@"):
            for node in _select(root, parent):
                if node.attrib.pop(_qualified(last[1:]), None) is None:
                    raise WoundError(f"{path} selects nothing")
        else:
            for node in _select(root, path):
                node.getparent().remove(node)
    _store(base, where, root)


def _insert(base: Base, where: str, spec: dict[str, Any]) -> None:
    root = _edit(base, where)
    declarations = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())
    for node in _select(root, spec["into"]):
        children = list(etree.fromstring(f"<x {declarations}>{spec['xml']}</x>"))
        at = spec.get("at", len(node))
        for offset, child in enumerate(children):
            node.insert(at + offset, child)
    etree.cleanup_namespaces(root) if spec.get("clean") else None
    _store(base, where, root)


def _replace_bytes(base: Base, where: str, pair: list[str]) -> None:
    old, new = _pair(pair)
    data = base.get(where)
    if old not in data:
        raise WoundError(f"{pair[0]!r} is not in {where}")
    base.put(where, data.replace(old, new, 1))


def _pair(pair: list[str]) -> tuple[bytes, bytes]:
    old, new = (text.encode("utf-8", "surrogateescape") for text in pair)
    return old, new


def _wrap_bytes(base: Base, where: str, spec: dict[str, str]) -> None:
    before, after = spec.get("before", ""), spec.get("after", "")
    base.put(where, before.encode() + base.get(where) + after.encode())


def _http(base: Base, where: str, values: dict[str, Any]) -> None:
    for key, value in values.items():
        if key == "headers":
            base.headers.update(value)
        else:
            setattr(base, key, value)


def _signers(base: Base, where: str, values: dict[str, str]) -> None:
    base.vihf_signer = values.get("vihf", base.vihf_signer)
    base.lot_signer = values.get("lot", base.lot_signer)


def _parts(base: Base, where: str, values: dict[str, Any]) -> None:
    if "remove" in values:
        base.parts.remove(base.part(values["remove"]))
    for attribute in ("type", "cid"):
        for name, value in values.get(attribute, {}).items():
            setattr(base.part(name), attribute, value)


def _inline(base: Base, where: str, name: str) -> None:
    """Carry a part as base64 text of its Document instead of XOP."""
    part = base.part(name)
    root = _edit(base, "envelope")
    (node,) = _select(root, f"//xdsb:Document[@id='{part.entry}']")
    for child in list(node):
        node.remove(child)
    node.text = base64.b64encode(part.data).decode()
    base.parts.remove(part)
    _store(base, "envelope", root)


def _received_at(base: Base, where: str, value: Any) -> None:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    base.received_at = moment


_VERBS = {
    "set": _set,
    "remove": _remove,
    "insert": _insert,
    "replace-bytes": _replace_bytes,
    "wrap-bytes": _wrap_bytes,
    "http": _http,
    "tls": lambda base, where, values: base.tls.update(values),
    "signers": _signers,
    "parts": _parts,
    "inline": _inline,
    "product": lambda base, where, values: base.product.update(values),
    "conformance": lambda base, where, values: base.conformance.update(values),
    "received_at": _received_at,
    "body-bytes": lambda base, where, pair: base.body_edits.append(_pair(pair)),
    "raw-bytes": lambda base, where, pair: base.raw_edits.append(_pair(pair)),
}
