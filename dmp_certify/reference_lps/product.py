"""Who the reference product is. These values travel on the wire."""

from __future__ import annotations

VENDOR = "dmp-certify"
NAME = "LPS de référence"
VERSION = "1.0.0"

# Declared for tests only; a real homologation number is confidential (EX_GEN-1490).
HOMOLOGATION_ID = "DMP-CERTIFY-TEST-0001"
INSTALLATION_ID = "DMPC-0001"

# How long an assertion lives, and how long after reception it may still be used.
ASSERTION_SECONDS = 300
NETWORK_SECONDS = 30
