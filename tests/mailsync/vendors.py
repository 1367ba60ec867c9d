"""The sandbox mail service for tests: `sandbox` runs it and points the vendors' settings at it."""

from collections.abc import Iterator
from typing import Any

import pytest

from mailsync.providers.google_certs import certificates
from mailsync.sandbox.server import Sandbox


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Sandbox]:
    """A fresh one for each test, on a port of its own."""
    # Another sandbox may have had the same port, and other keys.
    certificates.cache_clear()
    with Sandbox() as running:
        for name, value in running.settings().items():
            setattr(settings, name, value)
        yield running
