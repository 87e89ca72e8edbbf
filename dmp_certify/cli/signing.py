"""The options that name a signing key, shared by the verbs that sign."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from dmp_certify.errors import ConfigurationError

if TYPE_CHECKING:
    from dmp_certify.report.sign import Signer


def declare(parser: argparse.ArgumentParser, *, required: bool = False) -> None:
    """Declare --key, --certificate and --key-password-env."""
    add = parser.add_argument
    add("--key", type=Path, required=required, help="PKCS#12 file, or PEM key with --certificate")
    add("--certificate", type=Path, help="PEM certificate of --key, then its issuers")
    add("--key-password-env", metavar="VAR", help="variable that holds the password of --key")


def signer(options: argparse.Namespace) -> Signer | None:
    """The signer that the options name; None when they name none. Raises ConfigurationError."""
    if options.key is None:
        return None
    from dmp_certify.report.deliver import signer_of

    password = None
    if options.key_password_env is not None:
        password = os.environ.get(options.key_password_env)
        if password is None:
            raise ConfigurationError(
                "--key-password-env: the environment has no variable "
                f"{options.key_password_env}; set it"
            )
    return signer_of(options.key, options.certificate, password)
