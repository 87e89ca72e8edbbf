"""The transactions of the DMP: body element and WS-Addressing Actions of each.

Source: WSDL annex v2.01.04 and message headers of the GIE SESAM-Vitale examples v02.05.00. Where
WSDL and examples differ, both Actions stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_HL7 = "urn:hl7-org:v3"
_PATIENTS = "urn:si-dmp-patients"
_RIGHTS = "urn:si-dmp-habilitations"
_IHE = "urn:ihe:iti"


@dataclass(frozen=True, slots=True)
class Transaction:
    """`names` are the DMP's own (several share one message); `actions` all the Actions known."""

    names: tuple[str, ...]
    body: tuple[str, str]
    actions: tuple[str, ...]


def _rights(operation: str) -> tuple[str, ...]:
    return (f"{_RIGHTS}:HabilitationsEndPoint:{operation}", f"{_HL7}:{operation}")


def _patient(operation: str) -> tuple[str, ...]:
    return (f"{_PATIENTS}:PatientSpecificEndPoint:{operation}",)


def _hl7(interaction: str, *names: str) -> Transaction:
    return Transaction(names, (_HL7, interaction), (f"{_HL7}:{interaction}",))


TRANSACTIONS: tuple[Transaction, ...] = (
    _hl7("PRPA_IN201307UV02", "TD0.2", "TD1.3a"),
    _hl7("PRPA_IN201305UV02", "TD0.5"),
    _hl7("PRPA_IN201311UV02", "TD1.1"),
    _hl7("PRPA_IN201314UV02", "TD1.2", "TD1.3b", "TD1.4"),
    Transaction(
        ("TD0.0",),
        (_PATIENTS, "identityCertification"),
        (f"{_PATIENTS}:PatientCertificationEndPoint:identityCertification",),
    ),
    Transaction(("TD0.3",), (_RIGHTS, "setAuthorization"), _rights("setAuthorization")),
    Transaction(("TD0.4",), (_PATIENTS, "patientList"), _patient("patientList")),
    Transaction(("TD1.5a",), (_PATIENTS, "createPatientAccess"), _patient("createPatientAccess")),
    Transaction(("TD1.5b",), (_PATIENTS, "patientOTPUpdate"), _patient("patientOTPUpdate")),
    Transaction(("TD1.5d",), (_PATIENTS, "updatePatientAccess"), _patient("updatePatientAccess")),
    Transaction(
        ("TD1.6",), (_RIGHTS, "listAuthorizationByPatient"), _rights("listAuthorizationByPatient")
    ),
    Transaction(
        ("TD2.1", "TD2.2"),
        (f"{_IHE}:xds-b:2007", "ProvideAndRegisterDocumentSetRequest"),
        (f"{_IHE}:2007:ProvideAndRegisterDocumentSet-b",),
    ),
    Transaction(
        ("TD3.1",),
        ("urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0", "AdhocQueryRequest"),
        (f"{_IHE}:2007:RegistryStoredQuery",),
    ),
    Transaction(
        ("TD3.2",),
        (f"{_IHE}:xds-b:2007", "RetrieveDocumentSetRequest"),
        (f"{_IHE}:2007:RetrieveDocumentSet",),
    ),
    Transaction(
        ("TD3.3a", "TD3.3b", "TD3.3c", "TD3.3d"),
        ("urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0", "SubmitObjectsRequest"),
        (f"{_IHE}:2010:UpdateDocumentSet",),
    ),
)
BY_BODY: Mapping[tuple[str, str], Transaction] = MappingProxyType(
    {one.body: one for one in TRANSACTIONS}
)
BY_ACTION: Mapping[str, Transaction] = MappingProxyType(
    {action: one for one in TRANSACTIONS for action in one.actions}
)
FEEDING = (f"{_IHE}:xds-b:2007", "ProvideAndRegisterDocumentSetRequest")


def with_patient(transaction: Transaction) -> bool:
    """Whether the transaction concerns one known patient, whom the VIHF then names."""
    return transaction.names[0] not in ("TD0.0", "TD0.4", "TD0.5")
