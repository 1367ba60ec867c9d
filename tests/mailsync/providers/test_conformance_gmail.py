"""Gmail behaves as every provider does."""

import pytest

from mailsync.sandbox.server import Sandbox
from tests.mailsync.google import GmailBench
from tests.mailsync.providers.conformance import Conformance


class TestGmail(Conformance):
    @pytest.fixture
    def bench(self, sandbox: Sandbox) -> GmailBench:
        return GmailBench(sandbox)
