"""Workers on an existing Dask cluster (extra `cluster`).

Documents are read here and sent as bytes, so that workers need no shared disk; they need this
package and, for an official pack, the pack added under the same name. A window of tasks is in
flight at a time. A worker that dies has its tasks run again elsewhere by the scheduler; this side
writes each document's line once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dmp_certify.bulk import worker
from dmp_certify.bulk.pool import judge_item
from dmp_certify.bulk.source import Item
from dmp_certify.bulk.worker import Line
from dmp_certify.errors import ConfigurationError

WINDOW_PER_THREAD = 4


def judge(items: Iterator[Item], pack: str, alone: bool, address: str) -> Iterator[Line]:
    """The lines of all documents, as the cluster does them.

    ConfigurationError when the extra is missing or no scheduler answers at `address`.
    """
    client, as_completed = _connect(address)
    try:
        window = max(8, WINDOW_PER_THREAD * sum(client.nthreads().values()))
        keys: dict[str, str] = {}
        running = as_completed(loop=client.loop, raise_errors=False)
        for item in items:
            line = _submit(client, running, keys, item, pack, alone)
            if line is not None:
                yield line
            while running.count() >= window:
                yield _line(next(running), keys)
        for future in running:
            yield _line(future, keys)
    finally:
        client.close()


def _connect(address: str) -> tuple[Any, Any]:
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise ConfigurationError(
            "--cluster needs the extra: pip install 'dmp-certify[cluster]'"
        ) from None
    connect: Any = Client
    try:
        return connect(address, timeout=10, set_as_default=False), as_completed
    except (OSError, TimeoutError, ValueError) as error:
        raise ConfigurationError(
            f"no Dask scheduler answers at {address} ({error}); start one with "
            "`dask scheduler` and workers with `dask worker`"
        ) from None


def _submit(
    client: Any, running: Any, keys: dict[str, str], item: Item, pack: str, alone: bool
) -> Line | None:
    """Send one document; its line at once when it cannot be read here."""
    from dmp_certify.engine.documents import LIMIT

    try:
        data = item.read(LIMIT)
    except Exception:
        return judge_item(item, pack, alone)  # says why in the line
    future = client.submit(worker.judge, item.key, data, pack, alone=alone, pure=False, retries=3)
    keys[future.key] = item.key
    running.add(future)
    return None


def _line(future: Any, keys: dict[str, str]) -> Line:
    key = keys.pop(future.key)
    try:
        # A worker may die between its last word and this call: the scheduler then has the task
        # run again, and `result` waits for it.
        line: Line = future.result()
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        line = worker.failed(
            key, f"le jugement de ce document a échoué : {said}", f"judging it failed: {said}"
        )
    future.release()
    return line
