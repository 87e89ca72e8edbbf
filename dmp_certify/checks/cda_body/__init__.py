"""The body of a clinical document: attachments, references, presentation."""
