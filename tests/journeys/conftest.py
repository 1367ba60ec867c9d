"""Fixtures of the two channels, for journeys that go through the whole product."""

from tests.bcc_inbound.conftest import live, lmtp, server

__all__ = ["live", "lmtp", "server"]
