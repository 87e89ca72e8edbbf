"""What the header checks share: the words of their findings."""

from __future__ import annotations

from dmp_certify.finding import Text
from dmp_certify.terminology.valuesets import ValueSet
from dmp_certify.wire.cda_nodes import Node

ABSENT = Text("absent", "absent")
_LONGEST = 200


def shown(value: str) -> str:
    """The very value, cut at 200 characters; `""` when it is empty."""
    return value[:_LONGEST] if value else '""'


def titled(values: ValueSet) -> str:
    """The name of a value set as its publisher writes it: `JDV_J01`."""
    return f"JDV_{values.name}" if values.name.startswith("J") else values.name


def coded(node: Node) -> str:
    """`code (code system)`, as a finding shows a coded element."""
    return f"{shown(node.code)} ({shown(node.system)})"
