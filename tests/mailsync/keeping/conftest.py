"""The desk of Ana at each vendor."""

import pytest

from mailsync.sandbox.server import Sandbox
from tests.mailsync.keeping.desk import VENDORS, Desk


@pytest.fixture(params=VENDORS)
def desk(request: pytest.FixtureRequest, sandbox: Sandbox) -> Desk:
    """Ana's account, once at each vendor."""
    return Desk(sandbox, request.param)
