"""What the DMP answered, in the product's words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from dmp_certify.reference_lps.mtom import root_part
from dmp_certify.reference_lps.soap import Response

HL7 = "{urn:hl7-org:v3}"
RS = "{urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0}"
RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"
SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"


@dataclass(slots=True)
class Reply:
    """An answer understood: accepted or not, and the DMP's own message."""

    accepted: bool
    message: str
    understood: bool = True
    codes: list[str] = field(default_factory=list)
    root: etree._Element | None = None


def read(response: Response) -> Reply:
    """Any answer of the DMP: success, registry failure or SOAP fault."""
    data = root_part(response.content_type, response.body)
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError):
        return _unreadable(response)
    body = _child(root, "Body")
    first = next(iter(body.iterchildren(tag=etree.Element)), None) if body is not None else None
    if first is None:
        return _unreadable(response)
    if etree.QName(first).localname == "Fault":
        return _fault(first)
    if first.tag.startswith(RS) or "status" in first.attrib:
        return _registry(first)
    return _hl7(first)


def _unreadable(response: Response) -> Reply:
    """An answer that is not SOAP, with the beginning of its text for the user."""
    text = re.sub(r"<[^>]*>", " ", response.body[:2000].decode("utf-8", "replace"))
    message = f"HTTP {response.status} {' '.join(text.split())[:200]}".rstrip()
    return Reply(False, message, understood=False)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


def _child(parent: etree._Element, name: str) -> etree._Element | None:
    for child in parent.iterchildren(tag=etree.Element):
        if etree.QName(child).localname == name:
            return child
    return None


def _text(parent: etree._Element, *names: str) -> str:
    for found in parent.iter(tag=etree.Element):
        if etree.QName(found).localname in names and (found.text or "").strip():
            return (found.text or "").strip()
    return ""


def _fault(fault: etree._Element) -> Reply:
    reason = _text(fault, "Text", "faultstring")
    codes = [
        (value.text or "").strip().rpartition(":")[2]
        for value in fault.iter(tag=etree.Element)
        if etree.QName(value).localname in ("Value", "faultcode")
    ]
    return Reply(False, reason or "SOAP Fault", codes=codes, root=fault)


def _registry(answer: etree._Element) -> Reply:
    errors = [e for e in answer.iter(f"{RS}RegistryError") if not _is_warning(e)]
    if answer.get("status") == SUCCESS:
        return Reply(True, "", root=answer)
    messages = [e.get("codeContext") or (e.text or "").strip() for e in errors]
    codes = [e.get("errorCode") or "" for e in errors]
    message = " ; ".join(m for m in messages if m) or " ".join(codes) or "Failure"
    return Reply(False, message, codes=codes, root=answer)


def _is_warning(error: etree._Element) -> bool:
    return (error.get("severity") or "").endswith(":Warning")


def _hl7(answer: etree._Element) -> Reply:
    acknowledgement = answer.find(f".//{HL7}acknowledgement")
    code = ""
    if acknowledgement is not None:
        nested = acknowledgement.find(f"{HL7}typeCode")
        inner = nested.get("code") if nested is not None else None
        code = acknowledgement.get("typeCode") or inner or ""
    if code in ("AE", "AR"):
        detail = answer.find(f".//{HL7}acknowledgementDetail")
        message = _text(detail, "text") if detail is not None else ""
        return Reply(False, message or code, codes=[code], root=answer)
    return Reply(True, "", root=answer)
