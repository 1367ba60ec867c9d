"""Every language whose file is here."""

import importlib
import pkgutil

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGES: tuple[Language, ...] = tuple(
    importlib.import_module(f"{__name__}.{module.name}").LANGUAGE
    for module in pkgutil.iter_modules(__path__)
)
