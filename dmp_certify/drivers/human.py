"""The product behind a human, who reads what to do on a terminal and tells what happened."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, TextIO

from dmp_certify.drivers.base import Answer, DriverError, Order
from dmp_certify.errors import ConfigurationError
from dmp_certify.finding import Text
from dmp_certify.outcome import DriverOutcome

_OUTCOMES = {
    "1": (DriverOutcome.DONE, Text("c'est fait", "it is done")),
    "2": (DriverOutcome.REFUSED, Text("le DMP a refusé", "the DMP refused")),
    "3": (DriverOutcome.FAILED, Text("le logiciel a échoué", "the software failed")),
    "4": (DriverOutcome.UNSUPPORTED, Text("il ne sait pas le faire", "it cannot do that")),
}
_STATUSES = {
    "1": ("active", Text("un DMP actif", "an active DMP")),
    "2": ("closed", Text("un DMP fermé", "a closed DMP")),
    "3": ("absent", Text("pas de DMP", "no DMP")),
}
_YES_NO = {
    "1": (True, Text("oui", "yes")),
    "2": (False, Text("non", "no")),
    "3": (None, Text("je ne sais pas", "I do not know")),
}


class HumanDriver:
    """Asks on a terminal, French first. Raises ConfigurationError when there is none."""

    def __init__(self, reader: TextIO | None = None, writer: TextIO | None = None) -> None:
        self._reader = reader or sys.stdin
        self._writer = writer or sys.stderr
        self._reached: Mapping[str, Any] = {}
        if not self._reader.isatty():
            raise ConfigurationError(
                "the human driver needs a terminal and there is none; run it from a terminal, "
                "or set [driver] kind to command or http in sut.toml"
            )

    def carry_out(self, order: Order) -> Answer:
        """Tells the human what to do and asks what came of it. Raises DriverError at the end of
        input."""
        self._tell(order)
        outcome = self._choose(Text("Qu'est-il arrivé ?", "What happened?"), _OUTCOMES)
        shown = self._line(
            Text(
                "Qu'affiche le logiciel (mot pour mot) ?", "What does the software show (verbatim)?"
            )
        )
        detail: dict[str, Any] = {}
        if order.intent == "test-existence" and outcome is DriverOutcome.DONE:
            detail["status"] = self._choose(
                Text("Selon le logiciel, le patient a…", "According to the software, there is…"),
                _STATUSES,
            )
        return Answer(outcome, shown, detail)

    def attest(self, question: Text) -> Mapping[str, Any]:
        """Asks a human to vouch for something: `{holds, by, remark}`."""
        self._say("")
        holds = self._choose(question, _YES_NO)
        by = self._line(Text("Votre nom", "Your name"))
        remark = self._line(Text("Remarque (facultatif)", "Remark (optional)"))
        return {"holds": holds, "by": by, "remark": remark}

    def _tell(self, order: Order) -> None:
        self._say("")
        self._say(f"── {order.scenario} / {order.step} ──")
        if order.say is not None:
            self._say(order.say.fr)
            self._say(order.say.en)
        else:
            self._say(f"{order.intent} {dict(order.parameters)}")
        patient = order.parameters.get("patient")
        if isinstance(patient, Mapping):
            traits = [
                str(patient.get(name) or "")
                for name in ("family_birth", "given", "birth_date", "gender", "ins")
            ]
            self._say(f"Patient : {' · '.join(traits)}")
        user, structure = order.acting.get("user", {}), order.acting.get("structure", {})
        self._say(
            f"Utilisateur / user : {user.get('family')} {user.get('given')} ({user.get('id')}) ; "
            f"structure : {structure.get('id')}"
        )
        self._say(f"DMP : {order.endpoint.get('base_url')}")
        if order.endpoint != self._reached:
            self._reached = order.endpoint
            self._reach(order.endpoint)

    def _reach(self, endpoint: Mapping[str, Any]) -> None:
        """What to set up in the product to reach the DMP; told once, it holds for the run."""
        stores = endpoint.get("pkcs12") or {}
        said = (
            ("Autorités / authorities", endpoint.get("trust")),
            ("ORG_AUTH_CLI (TLS)", stores.get("auth")),
            ("ORG_SIGN (VIHF, lots)", stores.get("sign")),
            ("Mot de passe / password", stores.get("password")),
        )
        for label, value in said:
            if value:
                self._say(f"  {label} : {value}")

    def _choose(self, question: Text, choices: Mapping[str, tuple[Any, Text]]) -> Any:
        listed = " · ".join(f"{key} {text.fr} / {text.en}" for key, (_, text) in choices.items())
        while True:
            given = self._line(Text(f"{question.fr} [{listed}]", question.en))
            if given in choices:
                return choices[given][0]
            wanted = ", ".join(choices)
            self._say(f"Répondre {wanted}. / Answer {wanted}.")

    def _line(self, question: Text) -> str:
        self._writer.write(f"{question.fr} / {question.en} : ")
        self._writer.flush()
        line = self._reader.readline()
        if not line:
            raise DriverError(
                Text(
                    "la saisie s'est interrompue avant la réponse ; relancer avec run --resume",
                    "the input ended before the answer; start again with run --resume",
                )
            )
        return line.strip()

    def _say(self, line: str) -> None:
        self._writer.write(f"{line}\n")
