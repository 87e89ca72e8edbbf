"""Calls the module of a verb, and turns what stops it into one sentence and an exit code."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Sequence

from dmp_certify.cli import exits
from dmp_certify.cli.language import LANGUAGES, language, spoken
from dmp_certify.cli.verbs import VERBS
from dmp_certify.errors import (
    CertifyError,
    ConfigurationError,
    PackError,
    VerificationError,
)


def call(name: str, given: Sequence[str]) -> int:
    """Carry out one verb."""
    module = importlib.import_module(f"dmp_certify.cli.{VERBS[name].module}")
    parser = _parser(name)
    module.arguments(parser)
    options = parser.parse_args(given)
    options.lang = language()
    try:
        return int(module.run(options))
    except CertifyError as error:
        print(f"dmp-certify {name}: {error}", file=sys.stderr)
        return _code(error)
    except BrokenPipeError:
        # Whoever reads us has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.CONFORMING
    except KeyboardInterrupt:
        print(f"dmp-certify {name}: {spoken('interrompu', 'interrupted')}", file=sys.stderr)
        return exits.INTERRUPTED
    except OSError as error:
        print(f"dmp-certify {name}: {_system(error)}", file=sys.stderr)
        return exits.USAGE
    except Exception as error:
        traceback.print_exc()
        print(
            f"dmp-certify {name}: the suite itself failed ({type(error).__name__}); "
            "please report the lines above",
            file=sys.stderr,
        )
        return exits.VOID


def _parser(name: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser
    if language() == "fr":
        from dmp_certify.cli import argparse_french

        argparse_french.install()
        made = argparse_french.FrenchParser
    said = getattr(VERBS[name].help, language())
    parser = made(
        prog=f"dmp-certify {name}",
        description=said[:1].upper() + said[1:] + ("" if said.endswith("?") else "."),
        allow_abbrev=False,
    )
    # Taken out of the words before they are parsed; declared for its help.
    parser.add_argument("--lang", choices=LANGUAGES, help="langue / language")
    return parser


def _system(error: OSError) -> str:
    """What the operating system refused, where, and what to look at."""
    where = f"{error.filename}: " if error.filename else ""
    return (
        f"{where}{error.strerror or error}; "
        "check the path, its rights and the room left on the disk"
    )


def _code(error: CertifyError) -> int:
    if isinstance(error, ConfigurationError | PackError):
        return exits.USAGE
    if isinstance(error, VerificationError):
        return exits.VERIFICATION_FAILED
    return exits.VOID
