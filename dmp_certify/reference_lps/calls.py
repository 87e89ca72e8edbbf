"""Calls to the DMP: assertion, envelope, HTTPS, answer."""

from __future__ import annotations

from dmp_certify import clock
from dmp_certify.reference_lps import answers, ebxml, lots, mtom, soap, vihf
from dmp_certify.reference_lps.answers import Reply
from dmp_certify.reference_lps.keys import Signer
from dmp_certify.reference_lps.markup import Xml
from dmp_certify.reference_lps.orders import Order, Patient
from dmp_certify.reference_lps.pieces import NotPossible
from dmp_certify.reference_lps.stages import Stage, Stages
from dmp_certify.reference_lps.store import Store

_STORED_QUERY = "urn:ihe:iti:2007:RegistryStoredQuery"


class Dmp:
    """The DMP, as one user of the product reaches it for one intent."""

    def __init__(self, order: Order, store: Store, stages: Stages) -> None:
        self.moment = clock.now()
        self._endpoint = stages.at(Stage.CREDENTIALS, order.endpoint)
        self.signer = Signer.load(self._endpoint.sign_certificate, self._endpoint.sign_key)
        self._order = order
        self._stages = stages
        self._login = store.login(order.person.id, self.moment)

    def ask(self, service: str, action: str, body: Xml, patient: Patient) -> Reply:
        """A call without attachments. Raises TransportError."""
        return self._post(soap.plain(self._envelope(service, action, body, patient)))

    def submit(self, lot: lots.Lot, patient: Patient) -> Reply:
        """TD2.1. Raises TransportError."""
        body = lots.body(lot, self._stages)
        envelope = self._envelope("repository", lots.ACTION, body, patient)
        package = mtom.Package(envelope, list(lot.attachments.values()))
        return self._post(mtom.request(self._stages.at(Stage.PACKAGE, package)))

    def reference(self, unique_id: str, patient: Patient) -> str:
        """The entryUUID of a document (TD3.1). Raises NotPossible when the DMP has none."""
        body = ebxml.find_reference(unique_id)
        reply = self.ask("registry", _STORED_QUERY, body, patient)
        found = None
        if reply.accepted and reply.root is not None:
            found = next(reply.root.iter(f"{answers.RIM}ObjectRef"), None)
        if found is None:
            reason = reply.message or "document inconnu"
            raise NotPossible(f"Le DMP ne retrouve pas le document {unique_id} : {reason}.")
        return found.get("id", "")

    def _envelope(self, service: str, action: str, body: Xml, patient: Patient) -> soap.Envelope:
        content = vihf.build(
            self._order.person,
            patient.cx,
            str(self._order.raw["as"].get("mode") or "INDIRECTE"),
            self.signer,
            self._login,
            clock.now(),
        )
        assertion = vihf.write(self._stages.at(Stage.VIHF, content))
        assertion = self._stages.at(Stage.VIHF_BYTES, assertion)
        url = f"{self._endpoint.base_url}/{service}"
        envelope = soap.Envelope(action=action, to=url, body=body, assertion=assertion)
        return self._stages.at(Stage.ENVELOPE, envelope)

    def _post(self, request: soap.Request) -> Reply:
        request = self._stages.at(Stage.REQUEST, request)
        response = soap.post(request, self._endpoint)
        return self._stages.at(Stage.REPLY, answers.read(response))
