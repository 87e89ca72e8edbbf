"""The header of a clinical document: CI-SIS, volet Structuration minimale."""
