"""How the product is made to act: by a command, over HTTP, or by a human; docs/contract.md."""

from __future__ import annotations

from dmp_certify.drivers.base import Answer, Driver, DriverError, Order
from dmp_certify.drivers.configure import Actor, from_config

__all__ = ["Actor", "Answer", "Driver", "DriverError", "Order", "from_config"]
