"""What the DMP answered to a submission, read from the answer that goes with the request."""

from __future__ import annotations

from dataclasses import dataclass

from dmp_certify.finding import Place
from dmp_certify.wire.message import Located, Message, Unreadable
from dmp_certify.wire.soap import SoapAnswer

SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    """A rs:RegistryResponse. `errors` are (errorCode, codeContext)."""

    place: Place
    status: Located[str]
    errors: tuple[tuple[str, str], ...]

    @property
    def accepted(self) -> bool:
        """Whether the DMP took the lot in."""
        return self.status.value == SUCCESS


def answer_to(request: Message) -> RegistryAnswer | None:
    """The registry's answer to the request; None for a fault, no answer or an unreadable one."""
    if request.answer is None:
        return None
    artifact = request.artifact.removesuffix("/request") + "/response"
    answer = Message(artifact, "answer", request.answer, request.received_at, request.exchange)
    try:
        soap = answer.view(SoapAnswer)
    except Unreadable:
        return None
    body = soap.payload if soap else None
    if body is None or body.name[1] != "RegistryResponse":
        return None
    status = body.attribute("status") or Located("", body.attribute_place("status"))
    errors = tuple(
        (one.get("errorCode") or "", one.get("codeContext") or "")
        for one in body.all(".//rs:RegistryError")
    )
    return RegistryAnswer(body.place, status, errors)
