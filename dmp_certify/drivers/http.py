"""The product behind an HTTP endpoint: the order is posted, the answer comes back."""

from __future__ import annotations

import time

from dmp_certify.drivers.base import Answer, DriverError, Order, excerpt, read_answer
from dmp_certify.finding import Text

_MOST_BYTES = 4 * 1024 * 1024
_CONNECT_SECONDS = 10.0


class HttpDriver:
    """Posts one order per intent to `url`; the whole answer must come within `timeout` seconds."""

    def __init__(self, url: str, timeout: float = 120.0) -> None:
        self._url = url
        self._timeout = timeout
        self._name = Text.same(url)

    def carry_out(self, order: Order) -> Answer:
        """Posts the order. Raises DriverError when no usable answer comes."""
        import requests

        limits = (min(_CONNECT_SECONDS, self._timeout), self._timeout)
        end = time.monotonic() + self._timeout
        try:
            with requests.Session() as session:
                # The product is named in full; proxies and .netrc are none of its business.
                session.trust_env = False
                with session.post(
                    self._url,
                    json=order.as_json(),
                    timeout=limits,
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    data = self._body(response, end)
        except requests.Timeout:
            raise self._late() from None
        except requests.RequestException as error:
            raise self._broken(error) from None
        if response.status_code != 200:
            raise self._status(response.status_code, data)
        return read_answer(data, self._name)

    def _body(self, response: object, end: float) -> bytes:
        import requests

        assert isinstance(response, requests.Response)
        kept = bytearray()
        # Small pieces, so that a product that drips its answer is not waited for beyond the end.
        for piece in response.iter_content(16):
            kept += piece
            if time.monotonic() > end:
                raise self._late()
            if len(kept) > _MOST_BYTES:
                break
        return bytes(kept)

    def _late(self) -> DriverError:
        seconds = f"{self._timeout:g}"
        return DriverError(
            Text(
                f"{self._url} n'a pas répondu entièrement en {seconds} s ; augmenter "
                "[driver] timeout_seconds ou regarder le journal de l'adaptateur",
                f"{self._url} did not answer completely within {seconds} s; raise "
                "[driver] timeout_seconds or look at the adapter's log",
            )
        )

    def _broken(self, error: Exception) -> DriverError:
        reason = _reason(error)
        return DriverError(
            Text(
                f"{self._url} est injoignable ou coupe la connexion ({reason}) ; démarrer "
                "l'adaptateur ou corriger [driver] url dans sut.toml",
                f"{self._url} cannot be reached or breaks off ({reason}); start the adapter "
                "or correct [driver] url in sut.toml",
            )
        )

    def _status(self, status: int, data: bytes) -> DriverError:
        seen = excerpt(data) or "∅"
        return DriverError(
            Text(
                f"{self._url} a répondu HTTP {status} : {seen} ; un refus ou un échec se dit "
                "dans la réponse, avec HTTP 200",
                f"{self._url} answered HTTP {status}: {seen}; a refusal or a failure is told "
                "in the answer, with HTTP 200",
            )
        )


def _reason(error: BaseException) -> str:
    """What the system said, below what the libraries make of it."""
    below: BaseException | None = error
    while below is not None:
        if isinstance(below, OSError) and below.strerror:
            return below.strerror
        below = below.__cause__ or below.__context__
    return excerpt(str(error).encode(), 200)
