"""The patient of a clinical document, as its header names them."""

from __future__ import annotations

from dataclasses import dataclass

from dmp_certify.finding import Place
from dmp_certify.wire.cda_nodes import Node


@dataclass(frozen=True, slots=True, eq=False)
class Patient:
    """recordTarget/patientRole."""

    node: Node

    @property
    def place(self) -> Place:
        return self.node.place

    @property
    def ids(self) -> tuple[Node, ...]:
        return self.node.all("id")

    @property
    def gender(self) -> Node | None:
        return self.node.first("patient.administrativeGenderCode")

    @property
    def birth(self) -> Node | None:
        return self.node.first("patient.birthTime")

    @property
    def birth_place(self) -> Node | None:
        """The COG code of the place of birth."""
        return self.node.first("patient.birthplace.place.addr.county")

    def families(self, qualifier: str | None = None) -> tuple[Node, ...]:
        return self._names("family", qualifier)

    def givens(self, qualifier: str | None = None) -> tuple[Node, ...]:
        return self._names("given", qualifier)

    def _names(self, kind: str, qualifier: str | None) -> tuple[Node, ...]:
        """The names whose qualifier is that one; an empty one means names without qualifier."""
        return tuple(
            one
            for one in self.node.all(f"patient.name.{kind}")
            if qualifier is None or qualifier in (one.get("qualifier").split() or [""])
        )
