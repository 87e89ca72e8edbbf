"""A home of the tests' own: nobody's keys, packs or caches are read or written."""

from __future__ import annotations

import os
import tempfile

if "PYTEST_XDIST_WORKER" not in os.environ:
    _HOME = tempfile.TemporaryDirectory(prefix="dmp-certify-tests-")
    os.environ["DMP_CERTIFY_HOME"] = _HOME.name
