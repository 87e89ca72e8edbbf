"""The words of a rendered report, French first."""

from __future__ import annotations

from dmp_certify.finding import Text

RULING = {
    "CONFORMING": Text("Conforme", "Conforming"),
    "NON_CONFORMING": Text("Non conforme", "Non-conforming"),
    "INCOMPLETE": Text("Incomplet", "Incomplete"),
    "VOID": Text("Sans valeur", "Void"),
}
VERDICT = {
    "MET": Text("Satisfaite", "Met"),
    "NOT_MET": Text("Non satisfaite", "Not met"),
    "DEVIATION": Text("Écart", "Deviation"),
    "NOTED": Text("Notée", "Noted"),
    "NOT_DEMONSTRATED": Text("Non démontrée", "Not demonstrated"),
    "NOT_APPLICABLE": Text("Sans objet", "Not applicable"),
    "ATTESTED": Text("Attestée", "Attested"),
    "VOID": Text("Sans valeur", "Void"),
}
OBLIGATION = {
    "MUST": Text("Obligatoire", "Mandatory"),
    "SHOULD": Text("Recommandée", "Recommended"),
    "MAY": Text("Facultative", "Optional"),
}
CAUSE = {
    "": Text("", ""),
    "product": Text("produit", "product"),
    "product-configuration": Text("configuration déclarée du produit", "declared configuration"),
    "environment": Text("environnement", "environment"),
    "suite": Text("suite de tests", "test suite"),
    "not-exercised": Text("non exercée", "not exercised"),
    "operator": Text("opérateur", "operator"),
}
OUTCOME = {
    "FAIL": Text("Constat", "Finding"),
    "BLOCKED": Text("Lecture impossible", "Could not be read"),
    "CRASHED": Text("Arrêt d'un contrôle de la suite", "A check of the suite stopped"),
}

TITLE = Text("Rapport de conformité DMP", "DMP conformance report")
SUMMARY = Text("Synthèse", "Summary")
PRODUCT = Text("Produit", "Product")
PROFILE = Text("Profil", "Profile")
RUN = Text("Session", "Run")
TO_CORRECT = Text("À corriger ou à démontrer", "To correct or to demonstrate")
REQUIREMENTS = Text("Exigences", "Requirements")
MET_LIST = Text("Exigences satisfaites ou attestées", "Requirements met or attested")
APART_LIST = Text("Exigences sans objet", "Requirements that do not apply")
NOT_EXERCISED = Text("Exigences non démontrées", "Requirements not demonstrated")
OUTSIDE = Text("Hors du jugement de la suite", "Outside the judgement of the suite")
OUTSIDE_NOTE = Text(
    "Ces exigences du profil ne se vérifient ni dans les messages ni dans le comportement "
    "observé : elles n'entrent pas dans le jugement et ne sont pas réputées satisfaites.",
    "These requirements of the profile show neither in messages nor in observed behaviour: "
    "they do not enter the ruling and are not held to be met.",
)
ATTESTATIONS = Text("Attestations", "Attestations")
NO_ATTESTATION = Text("Aucune attestation.", "No attestation.")
SIGNATURES = Text("Signatures", "Signatures")
SIGN_NOTE = Text(
    "L'original signé est le fichier .dmpcert : il contient les preuves dont ce document dérive. "
    "Tout détenteur peut le vérifier et rejouer les contrôles : dmp-certify report verify.",
    "The signed original is the .dmpcert file: it holds the evidence this document derives from. "
    "Whoever holds it can verify it and replay the checks: dmp-certify report verify.",
)
FOR_VENDOR = Text("Pour l'éditeur", "For the vendor")
FOR_AUTHORITY = Text("Pour l'autorité de validation", "For the validating authority")
NAME_ROLE = Text("Nom et qualité", "Name and role")
DATE = Text("Date", "Date")
SIGNATURE = Text("Signature", "Signature")
REPORT_DIGEST = Text("Empreinte de report.json (SHA-256)", "Digest of report.json (SHA-256)")
EVIDENCE_DIGEST = Text("Empreinte des preuves (SHA-256)", "Digest of the evidence (SHA-256)")

EXPECTED = Text("Attendu", "Expected")
OBSERVED = Text("Observé", "Observed")
WHERE = Text("Où", "Where")
WHY = Text("Pourquoi", "Why it matters")
CORRECT = Text("Correction", "How to correct")
SOURCE = Text("Source", "Source")
CHECK = Text("Contrôle", "Check")
CHECKS = Text("Contrôles", "Checks")
EXCHANGES = Text("Échanges", "Exchanges")
ALSO_IN = Text("De même dans", "Likewise in")
LINE = Text("ligne", "line")
NOTHING = Text("(rien)", "(nothing)")
CAUSE_LABEL = Text("Cause", "Cause")
REASON = Text("Raison", "Reason")
ID = Text("Exigence", "Requirement")
VERDICT_LABEL = Text("Verdict", "Verdict")
TOTAL = Text("Total", "Total")
YES = Text("oui", "yes")
NO = Text("non", "no")
UNANSWERED = Text("sans réponse", "unanswered")

VENDOR = Text("Éditeur", "Vendor")
SOFTWARE = Text("Logiciel", "Software")
VERSION = Text("Version", "Version")
APPROVAL = Text("Numéro d'homologation", "Approval number")
ON_WIRE = Text("Vu dans les messages", "Seen in the messages")
ON_TLS = Text("Vu en TLS", "Seen in TLS")
CLIENT_CERTIFICATE = Text("Certificat client", "Client certificate")
EDITION = Text("Édition", "Edition")
RUN_ID = Text("Session", "Run")
SEED = Text("Graine", "Seed")
PERIOD = Text("Du … au", "From … to")
TRAFFIC = Text("Trafic", "Traffic")
SUITE = Text("Suite", "Suite")
PACK = Text("Documents jugés par", "Documents judged by")
CORE_ALONE = Text(
    "le pack core de la suite ; aucun pack officiel n'était ajouté",
    "the suite's own pack core; no official pack was added",
)
SCENARIOS = Text("Scénarios joués", "Scenarios played")
SKIPPED = Text("Non revendiqués", "Not claimed")
STATEMENT = Text("Énoncé", "Statement")
OBLIGATION_LABEL = Text("Force", "Strength")
SIGNATURE_LINES = (NAME_ROLE, DATE, SIGNATURE)
APART_NOTE = Text(
    "La déclaration de conformité du produit ne met pas ces exigences en jeu.",
    "The product's conformance statement does not bring these requirements into play.",
)

_SENTENCES = {
    "CONFORMING": Text(
        "Toutes les exigences obligatoires soumises au jugement sont satisfaites.",
        "Every mandatory requirement submitted to judgement is met.",
    ),
    "NON_CONFORMING": Text(
        "Exigences obligatoires non satisfaites : {n}.", "Mandatory requirements not met: {n}."
    ),
    "INCOMPLETE": Text(
        "Exigences obligatoires non démontrées : {n}. Rien n'est établi contre le produit, "
        "mais la conformité n'est pas établie.",
        "Mandatory requirements not demonstrated: {n}. Nothing is held against the product, "
        "but conformance is not established.",
    ),
    "VOID": Text(
        "La suite elle-même s'est arrêtée : cette session ne dit rien du produit.",
        "The suite itself stopped: this run says nothing of the product.",
    ),
}
_DECIDING = {"NON_CONFORMING": "NOT_MET", "INCOMPLETE": "NOT_DEMONSTRATED"}


def ruling_sentence(ruling: str, must: dict[str, int]) -> Text:
    """One sentence on the ruling; `must` counts the mandatory rows by verdict."""
    number = must.get(_DECIDING.get(ruling, ""), 0)
    return Text(*(each.format(n=number) for each in _SENTENCES[ruling]))


def traffic(run: dict[str, int]) -> Text:
    """How much was exchanged."""
    e, c, r = run["exchanges"], run["connections"], run["refused_connections"]
    return Text(
        f"échanges : {e} ; connexions : {c}, dont refusées : {r}",
        f"exchanges: {e}; connections: {c}, of which refused: {r}",
    )


def more(number: int) -> Text:
    """That a list goes on elsewhere."""
    return Text(
        f"Autres constats de cette exigence, dans report.json : {number}.",
        f"Further findings on this requirement, in report.json: {number}.",
    )


def cause(name: str) -> Text:
    """The cause of a verdict, with its label."""
    told = CAUSE[name]
    return Text(f"{CAUSE_LABEL.fr} : {told.fr}", f"{CAUSE_LABEL.en}: {told.en}")
