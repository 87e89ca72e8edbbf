"""The DMP behind the door: from an HTTP request to its SOAP answer.

The body's own name decides which transaction it is, whatever the path and the Action say: a product
under development often has only some of them right, and it is for the judge to say so. Where the
body is none that is known, the Action tells the product what was expected.
"""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dmp_certify.simulator import soap
from dmp_certify.simulator.disturb import Disturbance
from dmp_certify.simulator.endpoints import patients, registry, repository
from dmp_certify.simulator.http import Received
from dmp_certify.simulator.soap import Answer, Message, SoapFault
from dmp_certify.simulator.world import World

BASE_PATH = "/si-dmp-server/v2/services"

Handler = Callable[[World, Message], Answer]
Refusal = Callable[[Message, str, str], Answer]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One transaction: the body it takes, its Action, who answers and who refuses."""

    path: str
    body: str
    action: str
    handle: Handler
    refuse: Refusal


ENDPOINTS = (
    Endpoint("patients", patients.BODY, patients.ACTION, patients.handle, patients.refuse),
    Endpoint(
        "repository", repository.BODY, repository.ACTION, repository.handle, repository.refuse
    ),
    Endpoint("registry", registry.BODY, registry.ACTION, registry.handle, registry.refuse),
)


class HandlerFault(Exception):
    """A fault of the simulator's own code; `trace` is its traceback."""

    def __init__(self, trace: str) -> None:
        super().__init__("fault in a handler")
        self.trace = trace


class Dmp:
    """Answers requests out of a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def route(self, message: Message, target: str) -> Endpoint:
        """The transaction of a message. Raises SoapFault when there is none."""
        for endpoint in ENDPOINTS:
            if endpoint.body == message.body_name:
                return endpoint
        last = target.partition("?")[0].rstrip("/").rpartition("/")[2]
        expected = {item.action: item.body for item in ENDPOINTS}.get(message.action)
        if expected is not None:
            fault = SoapFault(
                "InvalidMessage",
                f"Corps {message.body_name or 'vide'} : l'Action {message.action} "
                f"annonce {expected}",
            )
        else:
            fault = SoapFault(
                "ActionNotSupported",
                f"Transaction inconnue : corps {message.body_name or 'vide'}, "
                f"Action {message.action or 'absente'}, service {last or '/'}",
            )
        fault.message = message
        raise fault

    def read(self, received: Received) -> Message:
        """The SOAP message of a request. Raises SoapFault when it holds none."""
        if received.method != "POST":
            raise SoapFault(
                "MethodNotAllowed", f"Méthode HTTP {received.method} : seul POST est admis", 405
            )
        return soap.parse(received.body, received.header("content-type"))

    @contextmanager
    def answering(
        self, message: Message, endpoint: Endpoint, disturbance: Disturbance | None
    ) -> Iterator[Answer]:
        """The answer, inside the transaction of the world that it belongs to.

        An exception inside the block undoes what the message changed.
        """
        with self.world.transaction():
            if disturbance is not None and disturbance.refuses:
                yield disturbance.refusal(message, endpoint.refuse)
            else:
                yield self._handle(message, endpoint)

    def _handle(self, message: Message, endpoint: Endpoint) -> Answer:
        try:
            return endpoint.handle(self.world, message)
        except SoapFault as fault:
            return soap.fault(fault, message)
        except sqlite3.Error:
            raise
        except Exception as error:
            raise HandlerFault(traceback.format_exc()) from error
