"""The product at work: one intent in, one answer out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dmp_certify.outcome import DriverOutcome
from dmp_certify.reference_lps import existence, lots, orders, pieces
from dmp_certify.reference_lps.answers import Reply
from dmp_certify.reference_lps.calls import Dmp
from dmp_certify.reference_lps.keys import KeyMaterialError
from dmp_certify.reference_lps.orders import Order, Patient, Result
from dmp_certify.reference_lps.pieces import NotPossible, NotSupported, Piece
from dmp_certify.reference_lps.setting import Setting
from dmp_certify.reference_lps.soap import TransportError
from dmp_certify.reference_lps.stages import Stage, Stages
from dmp_certify.reference_lps.store import Sent, Store

_KNOWN_ALREADY = "XDSDuplicateUniqueIdInRegistry"
_EXISTENCE = {
    "active": "Le patient a un DMP actif.",
    "closed": "Le DMP du patient est fermé.",
    "absent": "Le patient n'a pas de DMP.",
}


class Desk:
    """Carries out intents; remembers in `state`; sins by the hooks of `stages`."""

    def __init__(self, state: Path, stages: Stages | None = None) -> None:
        self._store = Store(state)
        self._stages = stages or Stages()

    def carry_out(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The answer of the driver contract to an order of the driver contract."""
        intents: dict[str, Callable[[Order, Dmp], Result]] = {
            "test-existence": self._test_existence,
            "feed": self._feed,
            "replace": self._replace,
            "retry": self._retry,
        }
        try:
            order = orders.read(raw)
            intent = intents.get(order.intent)
            if intent is None:
                raise NotSupported(f"Intention inconnue : {order.intent}.")
            dmp = Dmp(order, self._store, self._stages)
            result = intent(order, dmp)
        except NotSupported as error:
            result = Result(DriverOutcome.UNSUPPORTED, str(error))
        except NotPossible as error:
            result = Result(DriverOutcome.FAILED, str(error))
        except TransportError as error:
            result = Result(DriverOutcome.FAILED, f"Le DMP n'a pas répondu : {error}")
        except (orders.OrderError, KeyMaterialError) as error:
            result = Result(DriverOutcome.FAILED, str(error))
        return self._stages.at(Stage.OUTCOME, result).as_json()

    def _test_existence(self, order: Order, dmp: Dmp) -> Result:
        patient = orders.patient(order.parameters.get("patient") or {})
        query = self._stages.at(Stage.QUERY, existence.build(patient, self._store.root, dmp.moment))
        reply = dmp.ask("patients", existence.ACTION, existence.write(query), patient)
        if not reply.accepted:
            return _declined(reply)
        status = existence.status(reply.root)
        return Result(DriverOutcome.DONE, _EXISTENCE[status], {"status": status})

    def _feed(self, order: Order, dmp: Dmp) -> Result:
        patient = orders.patient(order.parameters.get("patient") or {})
        wanted = [orders.document(raw) for raw in order.parameters.get("documents") or []]
        if not wanted:
            raise NotPossible("Aucun document à envoyer.")
        setting = self._setting(order, dmp, patient)
        prepared = [pieces.prepare(one, setting) for one in wanted]
        for piece in prepared:
            if self._store.was_sent(piece.digest):
                raise NotPossible("Ce document a déjà été envoyé et n'a pas changé.")
        return self._send(order, dmp, patient, prepared)

    def _replace(self, order: Order, dmp: Dmp) -> Result:
        patient = orders.patient(order.parameters.get("patient") or {})
        unique_id = str((order.parameters.get("replaces") or {}).get("unique_id"))
        replaced = self._store.sent(unique_id)
        if replaced is None:
            raise NotPossible(f"Le document {unique_id} n'a pas été envoyé par ce logiciel.")
        wanted = orders.document(order.parameters.get("document") or {})
        piece = pieces.prepare(wanted, self._setting(order, dmp, patient), replaced)
        return self._send(order, dmp, patient, [piece])

    def _retry(self, order: Order, dmp: Dmp) -> Result:
        step = str(order.parameters.get("step") or "")
        kept = self._stages.at(Stage.RETRY, self._store.waiting(order.place(step)))
        if kept is None:
            return Result(DriverOutcome.DONE, "Rien à renvoyer.", {"documents": []})
        raw_patient, waiting = pieces.load(kept)
        return self._send(order, dmp, Patient(**raw_patient), waiting, step)

    def _send(
        self, order: Order, dmp: Dmp, patient: Patient, wanted: list[Piece], step: str = ""
    ) -> Result:
        lots_to_send = self._stages.at(Stage.SENDINGS, [wanted])
        results = [self._send_one(order, dmp, patient, one, step) for one in lots_to_send]
        return results[0]

    def _send_one(
        self, order: Order, dmp: Dmp, patient: Patient, wanted: list[Piece], step: str
    ) -> Result:
        place, setting = order.place(step), self._setting(order, dmp, patient)
        documents = lots.entries(wanted, setting)
        replaced = {
            entry.id: dmp.reference(piece.replaces, patient)
            for entry, piece in zip(documents, wanted, strict=True)
            if piece.replaces
        }
        self._store.keep_waiting(place, pieces.dump(_fields(patient), wanted))
        lot = lots.build(documents, replaced, dmp.signer, setting)
        reply = dmp.submit(lot, patient)
        # A lot whose answer was lost may have been registered: then the DMP knows its documents.
        arrived = bool(step) and set(reply.codes) == {_KNOWN_ALREADY}
        if not reply.accepted and not arrived:
            return _declined(reply)
        self._store.forget(place)
        for entry, piece in zip(documents, wanted, strict=True):
            sent = Sent(entry.unique_id, piece.set_id, piece.version, piece.digest)
            self._store.remember_sent(sent)
        searches: list[str] = []
        for unique_id in self._stages.at(Stage.SEARCHES, searches):
            dmp.reference(unique_id, patient)
        told = [{"unique_id": e.unique_id, "title": e.title} for e in documents]
        detail = {"submission_set": lot.submission.unique_id, "documents": told}
        titles = ", ".join(f"« {entry.title} »" for entry in documents)
        return Result(DriverOutcome.DONE, f"Envoyé au DMP : {titles}.", detail)

    def _setting(self, order: Order, dmp: Dmp, patient: Patient) -> Setting:
        return Setting(patient, order.person, dmp.moment, self._store, self._stages)


def _declined(reply: Reply) -> Result:
    """What the user is told when the DMP did not accept."""
    if not reply.understood:
        return Result(DriverOutcome.FAILED, f"Réponse inattendue du DMP : {reply.message}")
    return Result(DriverOutcome.REFUSED, reply.message, {"codes": reply.codes})


def _fields(patient: Patient) -> dict[str, Any]:
    return {name: getattr(patient, name) for name in Patient.__slots__}
