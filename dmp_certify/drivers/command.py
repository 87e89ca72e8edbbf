"""The product behind a command: the order on stdin, the answer on stdout."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from dmp_certify.drivers.base import Answer, DriverError, Order, excerpt, read_answer
from dmp_certify.finding import Text

# More than any answer needs; a product that writes without end is cut here.
_MOST_BYTES = 4 * 1024 * 1024
_LAST_BYTES_SECONDS = 2.0


class CommandDriver:
    """Runs a command once per intent, in `folder`, for at most `timeout` seconds."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        timeout: float = 120.0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._command = list(command)
        self._folder = folder
        self._timeout = timeout
        self._environment = {**os.environ, **(environment or {})}
        self._name = Text.same(f"`{' '.join(command)}`")

    def carry_out(self, order: Order) -> Answer:
        """Runs the command. Raises DriverError when it cannot start, hangs or fails."""
        process = self._start()
        out, err = _Drain(process.stdout), _Drain(process.stderr)
        given = json.dumps(order.as_json()).encode()
        threading.Thread(target=_feed, args=(process.stdin, given), daemon=True).start()
        try:
            code = process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise self._late() from None
        # A program that the command left running may hold the pipes: it is not waited for.
        out.join(_LAST_BYTES_SECONDS)
        err.join(_LAST_BYTES_SECONDS)
        if code != 0:
            raise self._failed(code, err.data or out.data)
        return read_answer(out.data, self._name)

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            reason = error.strerror or str(error)
            raise DriverError(
                Text(
                    f"la commande {self._name.fr} ne démarre pas depuis le dossier de sut.toml "
                    f"({reason}) ; corriger [driver] command",
                    f"the command {self._name.en} does not start from the folder of sut.toml "
                    f"({reason}); correct [driver] command",
                )
            ) from None

    def _late(self) -> DriverError:
        seconds = f"{self._timeout:g}"
        return DriverError(
            Text(
                f"la commande {self._name.fr} n'a pas répondu en {seconds} s ; augmenter "
                "[driver] timeout_seconds ou chercher ce qu'elle attend",
                f"the command {self._name.en} did not answer within {seconds} s; raise "
                "[driver] timeout_seconds or look for what it waits for",
            )
        )

    def _failed(self, code: int, said: bytes) -> DriverError:
        seen = excerpt(said) or "∅"
        return DriverError(
            Text(
                f"la commande {self._name.fr} s'est terminée avec le code {code} : {seen} ; "
                "un refus ou un échec se dit dans la réponse, avec le code 0",
                f"the command {self._name.en} exited with code {code}: {seen}; "
                "a refusal or a failure is told in the answer, with code 0",
            )
        )


class _Drain(threading.Thread):
    """Reads a pipe to its end and keeps its first bytes, so that the writer never blocks."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        super().__init__(daemon=True)
        assert stream is not None
        self._stream = stream
        self._kept = bytearray()
        self.start()

    @property
    def data(self) -> bytes:
        """What came so far."""
        return bytes(self._kept)

    def run(self) -> None:
        with self._stream, contextlib.suppress(OSError):
            while chunk := self._stream.read1(65536):  # type: ignore[attr-defined]
                if len(self._kept) < _MOST_BYTES:
                    self._kept += chunk


def _feed(stream: IO[bytes] | None, data: bytes) -> None:
    """A product that does not read its order may close the pipe: that is its answer's problem."""
    assert stream is not None
    with contextlib.suppress(OSError):
        stream.write(data)
    with contextlib.suppress(OSError):
        stream.close()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends the command's process group, which is its own session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
