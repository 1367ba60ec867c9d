"""Every client whose file is here."""

import importlib
import pkgutil

from tests.bcc_inbound.forwards.shapes import Client

CLIENTS: tuple[Client, ...] = tuple(
    client
    for module in pkgutil.iter_modules(__path__)
    for client in importlib.import_module(f"{__name__}.{module.name}").CLIENTS
)
