"""One call seen whole: its VIHF, the patient of its body, the TLS connection that carried it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dmp_certify.finding import Place
from dmp_certify.terminology.identifiers import Malformed, parse_cx
from dmp_certify.wire.hl7v3 import ExistenceRequest
from dmp_certify.wire.message import Located, Message, TlsFacts, reader
from dmp_certify.wire.vihf import RESOURCE_ID, Vihf
from dmp_certify.wire.xds import Submission


@dataclass(frozen=True, slots=True)
class Subject:
    """A patient that a message names: identifier and OID of its authority."""

    place: Place
    id: str
    authority: str

    @property
    def text(self) -> str:
        return f"{self.id} ({self.authority})"


@dataclass(frozen=True)
class Call:
    """A call with its VIHF. `submission` and `query` are None when the body is another one."""

    place: Place
    message: Message = field(repr=False)
    vihf: Vihf
    tls: TlsFacts | None
    submission: Submission | None
    query: ExistenceRequest | None

    @property
    def vihf_patient(self) -> Subject | None:
        """The patient of the VIHF's resource-id; None when absent or malformed."""
        found = self.vihf.value(RESOURCE_ID)
        return _subject(found) if found else None

    def body_patients(self) -> Iterator[Subject]:
        """Each well-formed patient identifier of the body; the lot's first."""
        if self.query is not None:
            for one in self.query.patients:
                if one.value and one.value.root and one.value.extension:
                    value = one.value.extension
                    yield Subject(value.place, value.value, one.value.root.value)
        if self.submission is not None:
            for owner in (*self.submission.sets, *self.submission.entries):
                for stated in owner.values("patientId"):
                    subject = _subject(stated)
                    if subject is not None:
                        yield subject


def _subject(stated: Located[str]) -> Subject | None:
    try:
        cx = parse_cx(stated.value)
    except Malformed:
        return None
    return Subject(stated.place, cx.id, cx.authority)


@reader(Call)
def read(message: Message) -> Iterator[Call]:
    """The call, when it bears a VIHF. Raises Unreadable when its body cannot be read."""
    if message.kind not in ("http", "soap", "mime"):
        return
    vihf = message.view(Vihf)
    if vihf is None:
        return
    submission, query = message.view(Submission), message.view(ExistenceRequest)
    yield Call(vihf.place, message, vihf, message.tls, submission, query)
