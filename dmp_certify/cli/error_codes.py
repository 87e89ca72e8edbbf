"""What the DMP's error codes mean to whoever receives one.

Sources: IHE ITI TF-3 table 4.2.4.1-2 for the XDS codes; public answers of the DMP for the others.
"""

from __future__ import annotations

from dmp_certify.finding import Text

_METADATA = Text(
    "les métadonnées ne tiennent pas ensemble ; codeContext dit lesquelles",
    "the metadata do not hold together; codeContext says which",
)
_INSIDE = Text(
    "erreur interne de l'annuaire ou de l'entrepôt ; codeContext en dit plus",
    "an internal error of the registry or repository; codeContext says more",
)
_BUSY = Text(
    "le DMP est occupé : renvoyer plus tard le même lot, une seule fois",
    "the DMP is busy: send the same lot again later, once",
)
_FULL = Text(
    "le DMP manque de ressources : renvoyer plus tard, en lots plus petits",
    "the DMP is out of resources: send again later, in smaller lots",
)
_TWICE = Text(
    "un même uniqueId est porté deux fois dans le message",
    "one uniqueId is borne twice in the message",
)
_QUERY = Text(
    "un paramètre de la recherche manque ou est de trop",
    "a parameter of the query is missing or one too many",
)

CODES = {
    "CISIS_StructurationCommuneCDAr2": Text(
        "le document CDA n'est pas conforme à la structuration minimale",
        "the CDA document does not conform to the structuration minimale",
    ),
    "DMPAccessDeniedByRightsService": Text(
        "la transaction n'est pas ouverte à ce professionnel, ou n'existe plus",
        "the transaction is not open to this professional, or is no more",
    ),
    "DMPInvalidCertificate": Text(
        "le certificat qui signe le VIHF n'est pas un certificat de signature valide",
        "the certificate that signs the VIHF is not a valid signature certificate",
    ),
    "XDSDocumentUniqueIdError": Text(
        "le document visé n'est pas désigné comme il faut : RPLC vise l'entryUUID rendu par TD3.1,"
        " et TD3.2 l'uniqueId",
        "the document is not named the right way: RPLC names the entryUUID that TD3.1 returns,"
        " and TD3.2 the uniqueId",
    ),
    "XDSDuplicateUniqueIdInRegistry": Text(
        "un uniqueId de l'envoi est déjà connu du DMP",
        "a uniqueId of the submission is already known to the DMP",
    ),
    "XDSExtraMetadataNotSaved": Text(
        "des métadonnées de plus ont été reçues et n'ont pas été gardées (avertissement)",
        "further metadata were received and were not kept (a warning)",
    ),
    "XDSMissingDocument": Text(
        "une fiche de métadonnées n'a pas son document joint",
        "a metadata entry comes without its document",
    ),
    "XDSMissingDocumentMetadata": Text(
        "un document joint n'a pas sa fiche de métadonnées",
        "an attached document comes without its metadata entry",
    ),
    "XDSNonIdenticalHash": Text(
        "le même uniqueId a déjà servi pour un autre contenu",
        "the same uniqueId was already used for another content",
    ),
    "XDSPatientIdDoesNotMatch": Text(
        "le lot et ses documents ne désignent pas le même patient",
        "the lot and its documents do not name the same patient",
    ),
    "XDSRegistryBusy": _BUSY,
    "XDSRegistryDeprecatedDocumentError": Text(
        "le document visé est déjà remplacé : viser la version en vigueur",
        "the document is already replaced: name the version in force",
    ),
    "XDSRegistryDuplicateUniqueIdInMessage": _TWICE,
    "XDSRegistryError": _INSIDE,
    "XDSRegistryMetadataError": _METADATA,
    "XDSRegistryNotAvailable": _BUSY,
    "XDSRegistryOutOfResources": _FULL,
    "XDSRepositoryBusy": _BUSY,
    "XDSRepositoryDuplicateUniqueIdInMessage": _TWICE,
    "XDSRepositoryError": _INSIDE,
    "XDSRepositoryMetadataError": _METADATA,
    "XDSRepositoryOutOfResources": _FULL,
    "XDSResultNotSinglePatient": Text(
        "la recherche désigne des documents de plusieurs patients",
        "the query names documents of several patients",
    ),
    "XDSStoredQueryMissingParam": _QUERY,
    "XDSStoredQueryParamNumber": _QUERY,
    "XDSTooManyResults": Text(
        "trop de réponses : restreindre la recherche", "too many answers: narrow the query"
    ),
    "XDSUnknownPatientId": Text(
        "le patientId de la soumission n'a pas de DMP actif",
        "the patientId of the submission has no active DMP",
    ),
    "XDSUnknownRepositoryId": Text(
        "repositoryUniqueId n'est pas celui de l'entrepôt du DMP",
        "repositoryUniqueId is not that of the DMP's repository",
    ),
    "XDSUnknownStoredQuery": Text(
        "cette recherche n'est pas de celles que le DMP connaît",
        "this query is not one that the DMP knows",
    ),
}
