"""The verbs: for each, the module of `dmp_certify.cli` that carries it out, and one line of help.

A new verb is one line here and one module with `arguments(parser)` and `run(options)`.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from dmp_certify.cli.exits import USAGE
from dmp_certify.cli.language import language
from dmp_certify.finding import Text


class Verb(NamedTuple):
    """Where a verb lives, and what it does."""

    module: str
    help: Text


VERBS = {
    "run": Verb(
        "run",
        Text(
            "jouer un profil avec un produit, juger, signer le rapport",
            "play a profile with a product, judge, sign the report",
        ),
    ),
    "check": Verb(
        "check",
        Text(
            "juger des fichiers hors ligne : CDA, SOAP, MTOM, VIHF",
            "judge files offline: CDA, SOAP, MTOM, VIHF",
        ),
    ),
    "bulk": Verb(
        "bulk",
        Text(
            "juger beaucoup de documents, une ligne chacun", "judge many documents, one line each"
        ),
    ),
    "simulate": Verb(
        "simulate", Text("un DMP debout, pour développer", "a standing DMP, to develop against")
    ),
    "report": Verb(
        "report",
        Text(
            "vérifier, afficher, comparer ou contresigner un rapport",
            "verify, render, compare or countersign a report",
        ),
    ),
    "pack": Verb(
        "pack",
        Text(
            "ajouter, lister, vérifier les packs officiels",
            "add, list, verify official content packs",
        ),
    ),
    "explain": Verb(
        "explain",
        Text(
            "expliquer une exigence, un contrôle, un scénario, un profil",
            "explain a requirement, check, scenario or profile",
        ),
    ),
    "list": Verb(
        "list",
        Text(
            "lister profils, exigences, contrôles, scénarios, fautes",
            "list profiles, requirements, checks, scenarios, sins",
        ),
    ),
    "coverage": Verb(
        "coverage",
        Text(
            "quelles exigences sont jugées, et ce qui manque",
            "which requirements are judged, and what is missing",
        ),
    ),
    "self-test": Verb(
        "self_test",
        Text(
            "la suite se prouve : chaque faute est trouvée",
            "the suite proves itself: each sin is caught",
        ),
    ),
    "init": Verb(
        "init",
        Text(
            "écrire un sut.toml et un adaptateur à compléter",
            "write a sut.toml and an adapter to complete",
        ),
    ),
    "keys": Verb(
        "keys",
        Text(
            "créer ou montrer l'identité qui signe les rapports",
            "make or show the identity that signs reports",
        ),
    ),
    "doctor": Verb(
        "doctor",
        Text("ce poste peut-il faire tourner la suite ?", "can this computer run the suite?"),
    ),
}

_CODES = Text(
    "Codes de sortie : 0 conforme, 1 non conforme, 2 usage, 3 incomplet, 4 nul, "
    "5 vérification échouée.",
    "Exit codes: 0 conforming, 1 non-conforming, 2 usage, 3 incomplete, 4 void, "
    "5 verification failed.",
)


def overview(asked: str) -> int:
    """Print the verbs: on stdout with 0 when help was asked for, else on stderr with 2."""
    wanted = asked in ("", "-h", "--help", "help")
    stream = sys.stdout if wanted and asked else sys.stderr
    tongue = language()
    if not wanted:
        unknown = Text(f"verbe inconnu : {asked}", f"unknown verb: {asked}")
        print(f"dmp-certify: {getattr(unknown, tongue)}", file=stream)
    print("dmp-certify VERB [--lang fr|en] …\n", file=stream)
    for name, verb in VERBS.items():
        print(f"  {name:<11}{getattr(verb.help, tongue)}", file=stream)
    print(f"\n{getattr(_CODES, tongue)}", file=stream)
    return 0 if wanted and asked else USAGE
