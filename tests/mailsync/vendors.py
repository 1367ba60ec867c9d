"""The sandbox mail service for tests: `sandbox` runs it and points the vendors' settings at it."""

from collections.abc import Iterator
from typing import Any

import pytest

from mailsync.sandbox.server import Sandbox


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Sandbox]:
    """A fresh one for each test, on a port of its own."""
    with Sandbox() as running:
        for name, value in running.settings().items():
            setattr(settings, name, value)
        yield running
