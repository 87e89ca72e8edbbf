"""Judges many documents: a folder, a zip or a list; one line each, in constant memory."""
