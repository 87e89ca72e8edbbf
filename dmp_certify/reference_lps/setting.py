"""What every step of one intent shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dmp_certify.reference_lps.orders import Patient, Person
from dmp_certify.reference_lps.stages import Stages
from dmp_certify.reference_lps.store import Store


@dataclass(frozen=True, slots=True)
class Setting:
    """The patient's record that is open, the user, the moment, and the product's memory."""

    patient: Patient
    person: Person
    moment: datetime
    store: Store
    stages: Stages
