"""Bases that are respelt on both sides of the signature."""

from __future__ import annotations

from tests.metamorphic.respell import Style, lexical, respell
from tests.support import bases
from tests.support.bases import Base


def respelt(name: str, style: Style, seed: int, *, where: tuple[str, ...] = ()) -> Base:
    """The base with every XML in another spelling, signed; `where` names the ones to respell."""
    base = bases.load(name)
    places = where or (*(("envelope",) if base.envelope else ()), *(p.name for p in base.parts))
    for place in places:
        base.put(place, respell(base.get(place), _fit(style, place), seed))
    seal(base, lambda place, data: respell(data, lexical(style), seed) if place in places else data)
    return base


def _fit(style: Style, place: str) -> Style:
    """SOAP 1.2 part 1 §5 has no processing instruction in a message."""
    if place == "envelope":
        return Style(**{**style.__dict__, "instructions": False})
    return style


def seal(base: Base, last=lambda place, data: data) -> None:
    """`bases.seal`, with a last change of spelling after each signature."""
    if any(part.name == "lot" for part in base.parts):
        lot = base.part("lot")
        lot.data = last("lot", bases._sign_lot(lot.data, base))
    if base.parts and base.envelope:
        base.envelope = bases._fill_hash_and_size(base.envelope, base.parts)
    if base.envelope:
        base.envelope = last("envelope", bases._sign_vihf(base.envelope, base.vihf_signer))
