"""The checks of our own content pack, `core`: those that judge a clinical document by itself.

What a check runs on says whether it belongs here: a document alone, whoever sent it and however.
"""

from __future__ import annotations

from dmp_certify.checks import load_all
from dmp_certify.wire.cda import Cda
from dmp_certify.wire.cda_delivery import Delivery

_SUBJECTS = (Cda, Delivery)


def core_checks() -> list[str]:
    """The ids of the checks of `core`, sorted."""
    return sorted(one.id for one in load_all() if one.subject in _SUBJECTS)
