"""Faults of the transport: TLS, HTTP, multipart."""
