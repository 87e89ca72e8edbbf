"""The code tables that the product needs, from the DMP's value sets and associations.

Sources: JDV_J01, JDV_J02, JDV_J04, JDV_J57, JDV_J58, JDV_J60 and ASS_X16, ASS_A11, ASS_A12 of the
Nomenclatures des objets de santé (ANS).
"""

from __future__ import annotations

from dmp_certify.reference_lps.orders import Coded, Person

LOINC = "2.16.840.1.113883.6.1"
A05 = "1.2.250.1.213.1.1.4.12"
IHE_FORMATS = "1.3.6.1.4.1.19376.1.2.3"
FRENCH_FORMATS = "1.2.250.1.213.1.1.4.2.282"
CONFIDENTIALITY = "2.16.840.1.113883.5.25"
ACCESS = "1.2.250.1.213.1.1.4.13"
SPECIALTIES = "1.2.250.1.213.1.1.4.5"
STRUCTURES = "1.2.250.1.71.4.2.2"
PROFESSIONALS = "1.2.250.1.71.4.2.1"

NORMAL = Coded("N", CONFIDENTIALITY, "Normal")
HIDDEN_FROM_PROFESSIONALS = Coded("MASQUE_PS", ACCESS, "Masqué aux professionnels de santé")
HIDDEN_FROM_PATIENT = Coded("INVISIBLE_PATIENT", ACCESS, "Non visible par le patient")
CONTENT_TYPE = Coded("07", "1.2.250.1.213.2.2", "Consultations externes")

_CLASSES = {
    "10": "Compte rendu",
    "11": "Synthèse",
    "31": "Imagerie médicale",
    "42": "Prescription",
    "43": "Dispensation",
    "44": "Plan de soins",
    "45": "Traitement administré",
    "52": "Certificat, déclaration",
    "60": "Données de remboursement",
    "90": "Autres documents déposés par le patient",
    "95": "Document de gestion",
}
_TYPES_OF_CLASS = {
    "10": "11488-4 11490-0 11502-2 11505-5 11506-3 11526-1 15507-7 15508-5 28653-4 29274-8 "
    "34112-3 34749-2 34794-8 34874-8 34875-5 47420-5 51969-4 59283-2 60568-3 67851-6 70004-7 "
    "75482-0 75492-9 75496-0 77436-4 78513-9 78601-2 83981-1 85208-7 93024-8 96349-6 BIL_AUTO "
    "DOCPAT03 DOCPAT05 DOCPAT06",
    "11": "18761-7 34133-9 34842-5 56445-0 57057-2 57055-6 57075-4 60591-5 68599-0 68817-6 "
    "74207-2 78489-2 80820-4 83901-9 83836-7 88348-8 89235-6 DOCPAT01 DOCPAT08 SYNTH",
    "31": "18748-4 52040-3 DOCPAT04 IMG-KOS",
    "42": "55115-0 57828-6 57832-8 57833-6 61357-0 75468-9 DOCPAT02 PRESC-AAT PRESC-BIO "
    "PRESC-KINE PRESC-INF PRESC-PEDI PRESC-ORTHOPHO PRESC-ORTHOPTIE",
    "43": "60593-1 DISP_AUT",
    "44": "18776-5 77604-7 80771-9 80788-3 83869-8 PROT_ALD",
    "45": "80565-5",
    "52": "11369-6 87273-9 89601-9 96173-0 96874-3 CERT_DECL DOCPAT07",
    "60": "REMB",
    "90": "74465-6 EXPPAT_1 EXPPAT_2 EXPPAT_3",
    "95": "59284-0 86531-1 AUTORIS-SOINS ATTEST-RESID ATTEST-DROITS-AM ATTEST-ASS-COMPL "
    "ATTEST-HEBGT DOCPAT09",
}
_CLASS_OF_TYPE = {
    code: number for number, types in _TYPES_OF_CLASS.items() for code in types.split()
}


def class_of(type_code: str) -> Coded:
    """The classCode of a typeCode (ASS_X16); types without an association are reports."""
    number = _CLASS_OF_TYPE.get(type_code, "10")
    return Coded(number, "1.2.250.1.213.1.1.4.1", _CLASSES[number])


_MEDIA_FORMATS = {
    "application/pdf": Coded("urn:ihe:iti:xds-sd:pdf:2008", IHE_FORMATS, "Pdf/A-1"),
    "text/plain": Coded("urn:ihe:iti:xds-sd:text:2008", IHE_FORMATS, "Texte"),
    "text/rtf": Coded("urn:ihe:iti-fr:xds-sd:rtf:2010", IHE_FORMATS, "Rtf"),
    "image/jpeg": Coded("urn:ihe:iti-fr:xds-sd:jpeg:2010", IHE_FORMATS, "Jpeg"),
    "image/tiff": Coded("urn:ihe:iti-fr:xds-sd:tiff:2010", IHE_FORMATS, "Tiff"),
}
_FRENCH = "1.2.250.1.213.1.1.1."
# Model templateId -> formatCode. The longest list that could be established; others fall back.
_MODEL_FORMATS = {
    f"{_FRENCH}{arc}": code
    for arc, code in {
        "8": "urn:asip:ci-sis:frcp:2011",
        "13": "urn:asip:ci-sis:vsm:2012",
        "18": "urn:asip:ci-sis:crrtn:2013",
        "21": "urn:asip:ci-sis:ldl-ees:2017",
        "22": "urn:asip:ci-sis:dlu:2015",
        "23": "urn:asip:ci-sis:fludt:2017",
        "24": "urn:asip:ci-sis:fludr:2017",
        "26": "urn:asip:ci-sis:pps-cancer:2017",
        "27": "urn:asip:ci-sis:d2lm-fin:2017",
        "28": "urn:asip:ci-sis:d2lm-fidd:2017",
        "29": "urn:asip:ci-sis:ldl-ses:2017",
        "30": "urn:asip:ci-sis:sdm-mr:2017",
        "32": "urn:asip:ci-sis:crgm:2018",
        "36": "urn:asip:ci-sis:hr:2019",
        "37": "urn:asip:ci-sis:vac:2019",
        "38": "urn:asip:ci-sis:tlm-da:2020",
        "39": "urn:ihe:pharm:pre:2010",
        "40": "urn:asip:ci-sis:cr-anest:2020",
        "41": "urn:asip:ci-sis:cr-cpa:2020",
        "45": "urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013",
        "46": "urn:asip:ci-sis:vac-note:2021",
        "47": "urn:ans:ci-sis:img-da:2022",
        "51": "urn:ihe:pcc:ips:2020",
        "54": "urn:ihe:pharm:dis:2010",
        "55": "urn:ihe:lab:xd-lab:2008",
        "59": "urn:ans:ci-sis:trod:2024",
    }.items()
}
_UNKNOWN_MODEL = "urn:asipSante:modelesHorsProfils:2011"


def format_of(media_type: str | None, templates: list[str]) -> Coded:
    """The formatCode of a level 1 body (ASS_A12) or of a model's templateIds (ASS_A11)."""
    if media_type is not None and media_type in _MEDIA_FORMATS:
        return _MEDIA_FORMATS[media_type]
    code = next((_MODEL_FORMATS[t] for t in templates if t in _MODEL_FORMATS), _UNKNOWN_MODEL)
    french = code.startswith(("urn:asip", "urn:ans"))
    return Coded(code, FRENCH_FORMATS if french else IHE_FORMATS, code.rsplit(":", 2)[-2])


def practice_of(sector: Coded) -> Coded:
    """The practice setting of a structure's activity sector."""
    if sector.code in ("SA01", "SA02", "SA03", "SA04", "SA36"):
        return Coded("ETABLISSEMENT", "1.2.250.1.213.1.1.4.9", "Etablissement de santé")
    return Coded("AMBULATOIRE", "1.2.250.1.213.1.1.4.9", "Ambulatoire")


_DOCTORS = {
    "SM04": "Cardiologie et maladies vasculaires",
    "SM18": "Gériatrie",
    "SM20": "Gynécologie-obstétrique",
    "SM26": "Qualifié en Médecine Générale",
    "SM27": "Médecine interne",
    "SM40": "Pédiatrie",
    "SM41": "Pneumologie",
    "SM48": "Rhumatologie",
    "SM53": "Spécialiste en Médecine Générale",
    "SM54": "Médecine Générale",
    "SM59": "Médecine d'urgence",
}


def author_specialty(person: Person) -> Coded:
    """The profession and specialty of a professional as one code of JDV_J01."""
    profession = person.profession
    if person.specialty is None:
        return Coded(f"G15_{profession.code}", SPECIALTIES, profession.display)
    code = person.specialty.code
    name = _DOCTORS.get(code)
    display = (
        f"Médecin - {name} (SM)"
        if profession.code == "10" and name
        else f"{profession.display} - {person.specialty.display}"
    )
    return Coded(f"G15_{profession.code}/{code}", SPECIALTIES, display)
