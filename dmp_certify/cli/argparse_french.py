"""The help of every verb in French: the words of argparse, and those of our own options.

The options are declared in English; a test holds that each of their sentences stands here.
"""

from __future__ import annotations

import argparse

WORDS = {
    "usage: ": "usage : ",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "positional arguments": "arguments",
    "show this help message and exit": "montrer cette aide",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "expected one argument": "attend une valeur",
    "expected at least one argument": "attend au moins une valeur",
    "not allowed with argument %s": "exclu par %s",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "invalid %(type)s value: %(value)r": "%(value)r ne convient pas (%(type)s)",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "choix inconnu : %(value)r (choisir parmi %(choices)s)"
    ),
}
HELP = {
    "langue / language": "langue / language",
    "e.g. alimentation": "par exemple alimentation",
    "sut.toml, or `reference` for the bundled product": (
        "sut.toml, ou `reference` : le produit fourni avec la suite"
    ),
    "a fault that the bundled product commits": "une faute que commet le produit fourni",
    "default: reports/": "par défaut : reports/",
    "play these scenarios only": "ne jouer que ces scénarios",
    "the same seed draws the same test data": "la même graine tire les mêmes données d'essai",
    "default: a free port": "par défaut : un port libre",
    "end the stopped run in this folder": "finir la session arrêtée de ce dossier",
    "content pack; default: newest official one": (
        "pack de contenu ; par défaut, le dernier pack officiel ajouté"
    ),
    "one JSON object on stdout": "un objet JSON sur la sortie",
    "one JSON array on stdout": "un tableau JSON sur la sortie",
    "PKCS#12 file, or PEM key with --certificate": (
        "fichier PKCS#12, ou clé PEM avec --certificate"
    ),
    "PEM certificate of --key, then its issuers": (
        "certificat PEM de --key, suivi de ses émetteurs"
    ),
    "variable that holds the password of --key": (
        "variable d'environnement qui tient le mot de passe de --key"
    ),
    "YAML; default: three invented patients": "YAML ; par défaut, trois patients inventés",
    "default: simulated-dmp/": "par défaut : simulated-dmp/",
    "the same seed invents the same patients": "la même graine invente les mêmes patients",
    "offline: signature, chain, digests, replay": (
        "hors ligne : signature, chaîne, empreintes, rejeu"
    ),
    "trusted authorities": "autorités auxquelles se fier",
    "write the report of a bundle again": "réécrire le rapport d'un lot signé",
    "default: stdout": "par défaut : la sortie",
    "what changed from one bundle to another": "ce qui change d'un rapport à l'autre",
    "add an authority's decision to a bundle": "ajouter la décision d'une autorité",
    "as in verify": "comme pour verify",
    "accepted, refused, …": "accepté, refusé, …",
    "name and role of who decides": "nom et rôle de qui décide",
    "why": "pourquoi",
    "take in the folder or zip that ANS publishes": "prendre le dossier ou zip publié par l'ANS",
    "default: the name of the folder or zip": "par défaut : le nom du dossier ou du zip",
    "the packs that were added": "les packs ajoutés",
    "are the files still those that were added?": "les fichiers sont-ils ceux d'alors ?",
    "default: all": "par défaut : tous",
    "make the identity of this computer": "créer l'identité de ce poste",
    "the name that reports are signed with": "le nom qui signe les rapports",
    "show the identity, never its key": "montrer l'identité, jamais sa clé",
    "fail on debt or a stale COVERAGE.csv": (
        "échouer s'il manque un cas ou si COVERAGE.csv est périmé"
    ),
    "write COVERAGE.csv (in a checkout)": "écrire COVERAGE.csv (dans un dépôt)",
    "these sins only": "ces fautes seulement",
    "default: 2": "par défaut : 2",
    "default: here": "par défaut : ici",
    "an adapter in sh, not in Python": "un adaptateur en sh plutôt qu'en Python",
    "CDA, SOAP, MTOM, VIHF; - = stdin": "CDA, SOAP, MTOM, VIHF ; - : l'entrée standard",
    "judge by this pack alone": "juger par ce pack seul",
    "same as --format json": "comme --format json",
    "write there instead of stdout": "écrire là plutôt que sur la sortie",
    "folder, zip, @list or document": "dossier, zip, @liste ou document",
    "processes here": "processus sur ce poste",
    "Dask scheduler": "ordonnanceur Dask",
    "go on after a kill": "reprendre après un arrêt",
    "the summary as JSON": "le bilan en JSON",
    "e.g. EX_2.1-1140, vihf.unsigned": "par exemple EX_2.1-1140, vihf.unsigned",
}


class _Formatter(argparse.HelpFormatter):
    def _get_help_string(self, action: argparse.Action) -> str | None:
        said = action.help
        return WORDS.get(said, HELP.get(said, said)) if said else said


class FrenchParser(argparse.ArgumentParser):
    """An ArgumentParser that speaks French; a sentence not known here stays English."""

    def _get_formatter(self) -> argparse.HelpFormatter:
        return _Formatter(prog=self.prog)


def install() -> None:
    """Make argparse itself speak French, its errors included."""
    setattr(argparse, "_", lambda sentence: WORDS.get(sentence, sentence))  # noqa: B010
