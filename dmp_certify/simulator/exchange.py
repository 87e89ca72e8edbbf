"""One exchange: understand, answer, record, and only then send."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from dmp_certify.evidence.intake import real_identifiers
from dmp_certify.simulator import soap
from dmp_certify.simulator.disturb import Disturbance
from dmp_certify.simulator.dmp import Dmp, Endpoint, HandlerFault
from dmp_certify.simulator.endpoints.lot import inline_contents
from dmp_certify.simulator.http import Buffer, HttpStream, Received
from dmp_certify.simulator.recorder import Context, Recorder
from dmp_certify.simulator.soap import Answer, Message, SoapFault

TakeDisturbance = Callable[[str], Disturbance | None]
_WITHHELD = b"Withheld at intake: this request names a real patient.\n"


class Exchanger:
    """Serves the requests of every connection out of one world into one record."""

    def __init__(
        self,
        dmp: Dmp,
        recorder: Recorder,
        take: TakeDisturbance,
        stopping: threading.Event,
    ) -> None:
        self._dmp = dmp
        self._recorder = recorder
        self._take = take
        self._stopping = stopping

    def serve(self, stream: HttpStream, received: Received, context: Context) -> bool:
        """Answer `received`; whether the connection goes on.

        Raises EvidenceError when the exchange cannot be recorded: then nothing was answered,
        and the world is as before.
        """
        # A body that came in one piece is part of the raw bytes; others are looked at decoded.
        _withhold_real_patients(
            received, (received.raw.view(), b"" if received.verbatim else received.body)
        )
        try:
            if received.refusal:
                raise SoapFault("InvalidMessage", received.problem, received.refusal)
            message = self._dmp.read(received)
            endpoint = self._dmp.route(message, received.target)
            _withhold_real_patients(received, (*message.decoded, *inline_contents(message)))
            if received.refusal:
                raise SoapFault("InvalidMessage", received.problem, received.refusal)
        except SoapFault as fault:
            request = fault.message or Message()
            # Raw bytes too: what is broken may well be the body's packaging.
            request.message_id = request.message_id or soap.guess_message_id(
                received.body or received.raw.view()
            )
            return self._settle(stream, received, soap.fault(fault, request), context)
        disturbance = self._take(endpoint.path)
        if disturbance is None:
            return self._play(stream, received, context, message, endpoint, None)
        if disturbance.seconds:
            self._stopping.wait(disturbance.seconds)
        context = replace(context, disturbance=disturbance.name)
        return self._play(stream, received, context, message, endpoint, disturbance)

    def _play(
        self,
        stream: HttpStream,
        received: Received,
        context: Context,
        message: Message,
        endpoint: Endpoint,
        disturbance: Disturbance | None,
    ) -> bool:
        name = ""
        raw = b""
        try:
            with self._dmp.answering(message, endpoint, disturbance) as answer:
                raw, status = _render(stream, answer, disturbance)
                name = self._recorder.exchange(received, raw, status, context)
        except sqlite3.Error as error:
            if not name:
                raise
            self._recorder.sent(name, f"the world could not be kept ({error}): not answered")
            return False
        except HandlerFault as crash:
            context = replace(context, suite_fault=crash.trace)
            fault = SoapFault("InternalError", "Le DMP simulé a failli", code="Receiver")
            return self._settle(stream, received, soap.fault(fault, message), context)
        return self._send(stream, received, raw, name, cut=_is_cut(disturbance))

    def _settle(
        self, stream: HttpStream, received: Received, answer: Answer, context: Context
    ) -> bool:
        """Record and send an answer that changes nothing in the world."""
        raw, status = _render(stream, answer, None)
        name = self._recorder.exchange(received, raw, status, context)
        return self._send(stream, received, raw, name)

    def _send(
        self, stream: HttpStream, received: Received, raw: bytes, name: str, cut: bool = False
    ) -> bool:
        problem = stream.send(raw)
        self._recorder.sent(name, problem or ("cut on purpose" if cut else ""))
        received.raw.discard()
        if problem or cut:
            return False
        if stream.again():
            return True
        stream.part()
        return False


def _render(
    stream: HttpStream, answer: Answer, disturbance: Disturbance | None
) -> tuple[bytes, int]:
    """The bytes that really leave, and the HTTP status in them: 0 when nothing does."""
    raw = stream.answer(answer.status, list(answer.headers), answer.body) if answer.status else b""
    if disturbance is not None:
        raw = disturbance.cut(raw)
    return raw, answer.status if raw else 0


def _is_cut(disturbance: Disturbance | None) -> bool:
    return disturbance is not None and disturbance.cuts


def _withhold_real_patients(received: Received, contents: Iterable[Buffer]) -> None:
    """Keep the identifiers of real patients, in one of `contents`, out of the evidence."""
    if any(map(real_identifiers, contents)):
        received.withhold(_WITHHELD)
        received.refuse(
            403,
            "Un identifiant de patient réel (OID de production) a été reçu ; rien n'en est gardé. "
            "Employer un INS de test (1.2.250.1.213.1.4.10)",
        )
