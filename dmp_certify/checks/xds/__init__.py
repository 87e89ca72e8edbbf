"""XDS metadata of a submission: lot, document entries, associations, documents."""
