"""Value sets, named OIDs, INS keys and HL7 data types, each with its source."""
