"""Content packs: XML schemas, Schematrons and value sets of one edition of the norm.

`add`, `list_packs`, `verify` and `load` are what the command line offers; `CompiledPack.judge`
gives the verdict on one document. Importing this package loads lxml: import it late.
"""

from __future__ import annotations

from dmp_certify.packs.compiled import CompiledPack
from dmp_certify.packs.files import Repair
from dmp_certify.packs.pack import (
    PackCheck,
    PackInfo,
    add,
    list_packs,
    load,
    newest_official,
    verify,
)
from dmp_certify.packs.verdict import Abort, Assertion, DocumentVerdict, NotDemonstrated, XsdError

__all__ = [
    "Abort",
    "Assertion",
    "CompiledPack",
    "DocumentVerdict",
    "NotDemonstrated",
    "PackCheck",
    "PackInfo",
    "Repair",
    "XsdError",
    "add",
    "list_packs",
    "load",
    "newest_official",
    "verify",
]
