"""HL7 V3 messages: the existence test."""
