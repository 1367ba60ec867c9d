"""The stage of the journeys: the product's processes, and a workspace of its own for each test."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.bcc_inbound.conftest import live, lmtp, server
from tests.journeys import servers as product
from tests.journeys.servers import Servers, eventually
from tests.journeys.stage import Scene

__all__ = ["live", "lmtp", "server"]


@pytest.fixture(scope="session")
def servers(django_db_setup: None, django_db_blocker: Any) -> Iterator[Servers]:
    """The worker and the SMTP listener, started once for all journeys."""
    with django_db_blocker.unblock(), product.running() as started:
        yield started


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, transactional_db: None, servers: Servers
) -> Iterator[Scene]:
    """A fresh workspace, called like the scenario that the test's name begins with.

    What the worker still has to do is waited for before the tables are emptied.
    """
    yield Scene(servers, slug_of(request))
    eventually(servers.idle, hoping="the worker to have nothing to do")


@pytest.fixture
def rival_scene(scene: Scene, servers: Servers) -> Scene:
    """Another workspace, of the same people."""
    return Scene(servers, f"{scene.slug}-rival")


def slug_of(request: pytest.FixtureRequest) -> str:
    """Such as s13b."""
    return request.node.name.removeprefix("test_").partition("_")[0]
