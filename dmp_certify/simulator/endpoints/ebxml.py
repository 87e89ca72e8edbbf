"""ebXML registry objects as XDS uses them (ebRIM 3.0, IHE ITI TF-3 section 4.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from dmp_certify.simulator.soap import Element, printable

RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
RS = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
XDSB = "urn:ihe:iti:xds-b:2007"

SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
FAILURE = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
_ERROR = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"

_CX = re.compile(r"([^^&]+)\^{3}&([0-9.]+)&ISO")


@dataclass(frozen=True, slots=True)
class XdsError:
    """One RegistryError: IHE code, context for a human, where in the submission."""

    code: str
    context: str
    location: str = ""


def slot_values(element: Element, name: str) -> list[str]:
    """The values of a slot; empty when it is absent."""
    for slot in element.iterfind(f"{{{RIM}}}Slot"):
        if slot.get("name") == name:
            return [(value.text or "").strip() for value in slot.iter(f"{{{RIM}}}Value")]
    return []


def external_identifier(element: Element, scheme: str) -> str:
    """The value of an ExternalIdentifier by its scheme; empty when it is absent."""
    for item in element.iterfind(f"{{{RIM}}}ExternalIdentifier"):
        if item.get("identificationScheme") == scheme:
            return (item.get("value") or "").strip()
    return ""


def name_of(element: Element) -> str:
    """The Name of a registry object."""
    found = element.find(f"{{{RIM}}}Name/{{{RIM}}}LocalizedString")
    return (found.get("value") or "") if found is not None else ""


def patient_of(cx: str) -> tuple[str, str] | None:
    """Identifier and OID of a patient in CX form; None when it is not one."""
    found = _CX.match(cx.strip().strip("'"))
    return (found.group(1), found.group(2)) if found else None


def set_slot(element: Element, name: str, value: str) -> None:
    """Give a slot one value, in the place where ebRIM wants slots: first."""
    for slot in element.findall(f"{{{RIM}}}Slot"):
        if slot.get("name") == name:
            element.remove(slot)
    slot = etree.Element(f"{{{RIM}}}Slot", name=name)
    values = etree.SubElement(slot, f"{{{RIM}}}ValueList")
    etree.SubElement(values, f"{{{RIM}}}Value").text = value
    element.insert(0, slot)


def response(tag: str, errors: list[XdsError]) -> Element:
    """A RegistryResponse or AdhocQueryResponse (`tag` qualified) with its status and errors."""
    nsmap = {"rs": RS, "rim": RIM, "query": QUERY}
    root = etree.Element(tag, status=FAILURE if errors else SUCCESS, nsmap=nsmap)
    if errors:
        listing = etree.SubElement(root, f"{{{RS}}}RegistryErrorList", highestSeverity=_ERROR)
        for error in errors:
            etree.SubElement(
                listing,
                f"{{{RS}}}RegistryError",
                errorCode=printable(error.code),
                codeContext=printable(error.context),
                severity=_ERROR,
                location=printable(error.location),
            )
    return root
