"""Calls the module of a verb, and turns what stops it into one sentence and an exit code."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Sequence

from dmp_certify.cli import exits
from dmp_certify.cli.language import LANGUAGES, language
from dmp_certify.cli.verbs import VERBS
from dmp_certify.errors import (
    CertifyError,
    ConfigurationError,
    PackError,
    VerificationError,
)


def call(name: str, given: Sequence[str]) -> int:
    """Carry out one verb."""
    verb = VERBS[name]
    module = importlib.import_module(f"dmp_certify.cli.{verb.module}")
    parser = argparse.ArgumentParser(
        prog=f"dmp-certify {name}",
        description=getattr(verb.help, language()).capitalize() + ".",
        allow_abbrev=False,
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="langue / language")
    module.arguments(parser)
    options = parser.parse_args(given)
    options.lang = options.lang or language()
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
        print(f"dmp-certify {name}: interrupted", file=sys.stderr)
        return exits.INTERRUPTED
    except Exception as error:
        traceback.print_exc()
        print(
            f"dmp-certify {name}: the suite itself failed ({type(error).__name__}); "
            "please report the lines above",
            file=sys.stderr,
        )
        return exits.VOID


def _code(error: CertifyError) -> int:
    if isinstance(error, ConfigurationError | PackError):
        return exits.USAGE
    if isinstance(error, VerificationError):
        return exits.VERIFICATION_FAILED
    return exits.VOID
