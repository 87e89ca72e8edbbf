"""Identifiers of real patients are refused, test ones and published examples are not."""

from __future__ import annotations

import pytest

from dmp_certify.errors import EvidenceError
from dmp_certify.evidence.intake import real_identifiers, refuse_real_identifiers

NUMBER = "160017512345671"


@pytest.mark.parametrize(
    "text",
    [
        f"{NUMBER}^^^&1.2.250.1.213.1.4.8&ISO^NH",
        f"{NUMBER}^^^&amp;1.2.250.1.213.1.4.9&amp;ISO^NH",
        f'<id root="1.2.250.1.213.1.4.8" extension="{NUMBER}"/>',
        f"<id extension = '{NUMBER}' assigningAuthorityName='x' root='1.2.250.1.213.1.4.9'/>",
        f'{{"system":"urn:oid:1.2.250.1.213.1.4.8","value":"{NUMBER}"}}',
        f'<system value="urn:oid:1.2.250.1.213.1.4.8"/>\n<value value="{NUMBER}"/>',
        f'<id root="1.2.250.1.213.1.4.8" extension="{NUMBER[:13]}"/>',
        '<id root="1.2.250.1.213.1.4.8" extension="177022A12345618"/>',
    ],
)
def test_production_identifiers_are_found_and_masked(text: str) -> None:
    found = real_identifiers(("é " * 40 + text).encode())
    assert len(found) == 1
    assert NUMBER[1:12] not in found[0].masked
    with pytest.raises(EvidenceError, match=r"capture\.har: byte \d+ holds .* real patient"):
        refuse_real_identifiers(text.encode(), "capture.har")


@pytest.mark.parametrize(
    "text",
    [
        f"{NUMBER}^^^&1.2.250.1.213.1.4.10&ISO^NH",
        f'<id root="1.2.250.1.213.1.4.11" extension="{NUMBER}"/>',
        '<id extension="277076322082910" root="1.2.250.1.213.1.4.8"/>',
        f'<id root="1.2.250.1.213.1.4.80" extension="{NUMBER}"/>',
        "the production OID 1.2.250.1.213.1.4.8 alone names nobody",
        f'<id root="1.2.250.1.213.1.4.8"/><id root="1.2.250.99" extension="{NUMBER}"/>',
    ],
)
def test_what_names_no_real_patient_passes(text: str) -> None:
    assert real_identifiers(text.encode()) == ()
    refuse_real_identifiers(text.encode(), "x")
