"""What to run, and where the run is kept."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from dmp_certify import clock
from dmp_certify.catalogue.profiles import Profile
from dmp_certify.engine.config import Sut
from dmp_certify.engine.pack_choice import PackChoice
from dmp_certify.errors import ConfigurationError
from dmp_certify.scenarios import loader
from dmp_certify.scenarios.model import Scenario


def draw_seed() -> int:
    """A seed that nobody chose."""
    return secrets.randbelow(2**31)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. `only` are scenario ids (all when empty); `listen` is (host, port), port 0 for
    a free one; `pki` is the folder of the test PKI; `pack` judges the documents that are fed."""

    profile: Profile
    sut: Sut
    pki: Path
    seed: int = field(default_factory=draw_seed)
    only: tuple[str, ...] = ()
    listen: tuple[str, int] = ("127.0.0.1", 0)
    pack: PackChoice = field(default_factory=PackChoice)

    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios to play, in the order of the profile. Raises ConfigurationError."""
        known = loader.load_all()
        for name in self.only:
            if name not in self.profile.scenarios:
                raise ConfigurationError(
                    f"profile {self.profile.id} has no scenario {name!r}; its scenarios are "
                    f"{', '.join(self.profile.scenarios)}"
                )
        return tuple(
            known[name] for name in self.profile.scenarios if name in self.only or not self.only
        )

    def folder(self, out: Path) -> Path:
        """A new folder for the run, below `out`. Raises ConfigurationError."""
        name = self._name(clock.now())
        for rank in range(1, 1000):
            folder = out / (name if rank == 1 else f"{name}-{rank}")
            try:
                folder.mkdir(parents=True)
            except FileExistsError:
                continue
            except OSError as error:
                raise ConfigurationError(
                    f"cannot write reports to {out} ({error.strerror}); choose a folder with --out"
                ) from error
            return folder
        raise ConfigurationError(f"too many runs called {name} in {out}; choose another --out")

    def _name(self, at: datetime) -> str:
        """`<product>-<version>-<profile>-<UTC time>`, without what a file system dislikes."""
        stem = "-".join((self.sut.product["name"], self.sut.product["version"], self.profile.id))
        plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
        return f"{re.sub(r'[^A-Za-z0-9._-]+', '-', plain)}-{at:%Y%m%dT%H%M%SZ}"
