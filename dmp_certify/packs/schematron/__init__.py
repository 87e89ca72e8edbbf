"""Schematron (XSLT 2 query binding) compiled to Python: loader, XPath, code, dispatch."""
