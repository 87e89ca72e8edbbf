"""What `dmp-certify init` writes: a `sut.toml` to fill in and an adapter that runs at once."""

from __future__ import annotations

SUT_TOML = """\
# Le produit à certifier. / The product to certify.
[product]
vendor = "Éditeur"
name = "Mon logiciel"                 # tel que dans la boîte « À propos » / as in the About box
version = "1.0"
approval_id = "NUMERO-DE-TEST"        # LPS_ID_HOMOLOGATION_DMP

# Ce que le produit revendique. / What the product claims.
[conformance]
auth_modes = ["INDIRECTE"]
transactions = ["TD0.2", "TD2.1"]
professions = ["10"]                  # TRE_G15
documents = ["level1-pdf", "structured"]

# Comment on le fait agir : command, http ou human (docs/contract.md).
# How it is made to act: command, http or human (docs/contract.md).
[driver]
kind = "command"
command = ["python3", "adapter.py"]   # ou / or ["sh", "adapter.sh"]
# kind = "http"
# url = "http://127.0.0.1:8765/"
# kind = "human"
timeout_seconds = 120
"""

ADAPTER_STUB = '''\
#!/usr/bin/env python3
"""Adaptateur entre la suite et le logiciel. / Adapter between the suite and the software.

La suite écrit un ordre JSON sur stdin et lit la réponse JSON sur stdout (docs/contract.md).
The suite writes a JSON order on stdin and reads the JSON answer on stdout (docs/contract.md).
"""

import json
import sys


def test_existence(parameters, acting, endpoint):
    """Tester l'existence du DMP. / Test the existence of the DMP.

    {"outcome": "done", "shown": "...", "detail": {"status": "active"}}
    """


def feed(parameters, acting, endpoint):
    """Envoyer les documents en un lot. / Send the documents in one lot.

    {"outcome": "done", "shown": "...",
     "detail": {"submission_set": "...", "documents": [{"unique_id": "...", "title": "..."}]}}
    """


def replace(parameters, acting, endpoint):
    """Remplacer un document. / Replace a document. (as feed)"""


def retry(parameters, acting, endpoint):
    """Renvoyer ce qui a été refusé. / Send again what was refused. (as feed)"""


INTENTS = {
    "test-existence": test_existence,
    "feed": feed,
    "replace": replace,
    "retry": retry,
}


def main():
    order = json.load(sys.stdin)
    intent = INTENTS.get(order["intent"])
    answer = intent and intent(order["parameters"], order["as"], order["endpoint"])
    if answer is None:
        answer = {"outcome": "unsupported", "shown": "pas encore écrit / not written yet"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
'''

SHELL_STUB = """\
#!/bin/sh
# Adaptateur entre la suite et le logiciel : un ordre JSON sur stdin, une réponse JSON sur stdout.
# Adapter between the suite and the software: a JSON order on stdin, a JSON answer on stdout.
order=$(cat)
case "$order" in
  *'"intent": "test-existence"'*)
    # {"outcome": "done", "shown": "...", "detail": {"status": "active"}}
    printf '%s\\n' '{"outcome": "unsupported", "shown": "pas encore écrit / not written yet"}' ;;
  *)
    printf '%s\\n' '{"outcome": "unsupported", "shown": "pas encore écrit / not written yet"}' ;;
esac
"""
