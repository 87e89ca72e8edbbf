"""Sins of behaviour: what the product does, or tells its user, over several steps."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dmp_certify.finding import Text
from dmp_certify.outcome import DriverOutcome
from dmp_certify.reference_lps.metadata import Entry
from dmp_certify.reference_lps.orders import Result
from dmp_certify.reference_lps.pieces import Piece
from dmp_certify.reference_lps.sins.sin import Sin, at
from dmp_certify.reference_lps.stages import Hook, Stage


def _hide_refusal(result: Result) -> Result:
    if result.outcome is DriverOutcome.REFUSED:
        result.shown = "Une erreur est survenue."
    return result


def _claim_success(result: Result) -> Result:
    if result.outcome is DriverOutcome.REFUSED:
        return Result(DriverOutcome.DONE, result.shown, result.detail)
    return result


def _claim_failure(result: Result) -> Result:
    if result.outcome is DriverOutcome.DONE:
        return Result(DriverOutcome.FAILED, "L'envoi a échoué.")
    return result


def _closed_as_active(result: Result) -> Result:
    if result.detail.get("status") == "closed":
        result.shown, result.detail = "Le patient a un DMP actif.", {"status": "active"}
    return result


def _twice(sendings: list[list[Piece]]) -> list[list[Piece]]:
    return [*sendings, *sendings]


def _search_afterwards(_state: Path) -> Mapping[Stage, Hook]:
    fed: list[str] = []

    def note(entry: Entry) -> Entry:
        fed.append(entry.unique_id)
        return entry

    return {Stage.ENTRY: note, Stage.SEARCHES: lambda _searches: list(fed)}


def _remember_lots(state: Path) -> Mapping[Stage, Hook]:
    """Sends a kept lot again even after it was accepted."""
    memory = state / "sin-kept-lot.json"

    def hook(kept: str | None) -> str | None:
        if kept is not None:
            memory.write_text(kept, "utf-8")
            return kept
        return memory.read_text("utf-8") if memory.exists() else None

    return {Stage.RETRY: hook}


SINS = (
    Sin(
        "refusal-hidden",
        Text(
            "Le message de refus du DMP n'est pas montré",
            "The DMP's refusal message is not shown",
        ),
        ("workflow.error-not-understood",),
        "refusal-shown",
        at(Stage.OUTCOME, _hide_refusal),
    ),
    Sin(
        "refusal-as-success",
        Text(
            "Un refus du DMP est annoncé comme un succès",
            "A refusal by the DMP is announced as a success",
        ),
        ("workflow.error-not-understood",),
        "refusal-shown",
        at(Stage.OUTCOME, _claim_success),
    ),
    Sin(
        "success-as-failure",
        Text(
            "Un envoi accepté est annoncé comme un échec",
            "An accepted sending is announced as a failure",
        ),
        ("workflow.outcome-contradicts-answer",),
        "feed-pdf",
        at(Stage.OUTCOME, _claim_failure),
    ),
    Sin(
        "closed-as-active",
        Text(
            "Un DMP fermé est annoncé actif",
            "A closed DMP is announced as active",
        ),
        ("workflow.status-not-told",),
        "existence-closed",
        at(Stage.OUTCOME, _closed_as_active),
    ),
    Sin(
        "retry-duplicates",
        Text(
            "La reprise envoie une seconde fois un lot déjà accepté",
            "The retry sends a lot again that was already accepted",
        ),
        ("workflow.retry-duplicated", "workflow.unchanged-document-sent"),
        "retry-once",
        _remember_lots,
    ),
    Sin(
        "search-after-feeding",
        Text(
            "Le logiciel recherche de lui-même le document qu'il vient d'envoyer",
            "The software searches on its own for the document it has just sent",
        ),
        ("workflow.search-after-feeding",),
        "feed-pdf",
        _search_afterwards,
    ),
    Sin(
        "unchanged-sent-again",
        Text(
            "Un document inchangé est envoyé de nouveau",
            "An unchanged document is sent again",
        ),
        ("workflow.unchanged-document-sent",),
        "feed-pdf",
        at(Stage.SENDINGS, _twice),
    ),
)
