"""The command line: one module per verb, loaded only when its verb is asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dmp_certify.cli.exits import USAGE
from dmp_certify.cli.language import LANGUAGES, choose, without_language
from dmp_certify.cli.verbs import VERBS, overview


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; the exit code of the table in `cli.exits`."""
    arguments, asked = without_language(sys.argv[1:] if given is None else given)
    if asked and asked not in LANGUAGES:
        print(f"dmp-certify: --lang {asked}: {' / '.join(LANGUAGES)}", file=sys.stderr)
        return USAGE
    if arguments and arguments[0] == "--version":
        from dmp_certify import __version__

        print(f"dmp-certify {__version__}")
        return 0
    choose(asked)
    name = arguments[0] if arguments else ""
    if name not in VERBS:
        return overview(name)
    from dmp_certify.cli.call import call

    return call(name, arguments[1:])
