"""`python -m dmp_certify`: the same as `dmp-certify`."""

from __future__ import annotations

import sys

from dmp_certify.cli import main

if __name__ == "__main__":
    sys.exit(main())
