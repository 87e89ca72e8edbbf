"""Bytes become typed, located, read-only views. The only home of XPath and of namespaces."""
