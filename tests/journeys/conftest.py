"""The stage of the journeys: the product's processes, and a workspace of its own for each test."""

import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.accounts.conftest import browser_type_launch_args
from tests.bcc_inbound.conftest import dns_server, free_port, live, lmtp, server, zone
from tests.dns_server import DnsServer
from tests.dovecot import Dovecot, dovecot
from tests.gate import Gate
from tests.journeys import inbound_doors
from tests.journeys import servers as product
from tests.journeys.inbound_doors import HandOver
from tests.journeys.servers import Program, Servers, eventually
from tests.journeys.stage import Scene
from tests.journeys.vendor_mailbox import Vendor
from tests.sns_host import SnsHost, sns_host

__all__ = ["browser_type_launch_args", "dns_server", "dovecot", "live", "lmtp", "server"]
__all__ += ["sns_host", "zone"]


@pytest.fixture(scope="session")
def servers(
    django_db_setup: None, django_db_blocker: Any, dns_server: DnsServer
) -> Iterator[Servers]:
    """The worker and the SMTP listener, started once for all journeys; they ask our DNS."""
    with django_db_blocker.unblock(), product.running(DNS_SERVERS=dns_server.address) as started:
        yield started


@pytest.fixture(autouse=True)
def woken(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a journey does wakes the worker of the journeys, and what other tests do does not."""
    if "servers" not in request.fixturenames:
        yield
        return
    url = request.getfixturevalue("servers").environment["REDIS_URL"]
    with product.waking(url):
        yield


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, transactional_db: None, servers: Servers, door: HandOver
) -> Iterator[Scene]:
    """A fresh workspace, called like the scenario that the test's name begins with.

    What the worker still has to do is waited for before the tables are emptied.
    """
    scene = Scene(servers, slug_of(request), door)
    yield scene
    scene.is_quiet()


MAILBOXES = ["imap", "google", "microsoft"]
DOORS = ["smtp", *inbound_doors.MAKE]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A row of the scenario table that is about mailboxes is played with each kind of them, and one
    that is about mail addressed to us through each door; one about both with a kind at a time.
    """
    of_the_table = slug_in(metafunc.function.__name__) != "journey"
    mailboxes = of_the_table and "office" in metafunc.fixturenames
    if not metafunc.definition.get_closest_marker("every_door"):
        if mailboxes:
            metafunc.parametrize("office", MAILBOXES, indirect=True)
    elif mailboxes:
        pairs = [("imap", door) for door in DOORS] + [(kind, "smtp") for kind in MAILBOXES[1:]]
        metafunc.parametrize(("office", "door"), pairs, indirect=True)
    else:
        metafunc.parametrize("door", DOORS, indirect=True)


@pytest.fixture
def door(request: pytest.FixtureRequest, servers: Servers, dns_server: DnsServer) -> HandOver:
    """How mail that is addressed to us comes in; the listener, where a test says nothing."""
    name = getattr(request, "param", "smtp")
    if name == "smtp":
        return inbound_doors.by_smtp(servers.smtp_port)
    return inbound_doors.by_webhook(request.getfixturevalue("web"), name, dns_server)


@pytest.fixture
def office(
    request: pytest.FixtureRequest, scene: Scene, servers: Servers, settings: Any
) -> Iterator[Scene]:
    """The scene with a mail server, so that its people can connect mailboxes."""
    kind = getattr(request, "param", "imap")
    if kind != "imap":
        for name, value in servers.sandbox.settings().items():
            setattr(settings, name, value)
        scene.vendor = Vendor(servers.sandbox, kind)
        yield scene
        return
    dovecot: Dovecot = request.getfixturevalue("dovecot")
    scene.dovecot = dovecot
    yield scene
    while dovecot.clients:
        dovecot.clients.pop().shutdown()


@pytest.fixture(scope="session")
def gate(servers: Servers) -> Iterator[Gate]:
    """The way of the web server to its database, which a test may shut."""
    parts = urlsplit(servers.environment["DATABASE_URL"])
    gate = Gate(parts.hostname or "", parts.port or 0)
    yield gate
    gate.shut()


@pytest.fixture(scope="session")
def web(servers: Servers, gate: Gate, sns_host: SnsHost) -> Iterator[str]:
    """A web server as in production, with the doors of providers open; its address."""
    address = f"127.0.0.1:{free_port()}"
    parts = urlsplit(servers.environment["DATABASE_URL"])
    login = parts.netloc.rpartition("@")[0]
    database = parts._replace(netloc=f"{login}@127.0.0.1:{gate.port}").geturl()
    program = servers.start(
        "web", "-m", "gunicorn", "config.wsgi", *GUNICORN, "--bind", address,
        DATABASE_URL=database, **inbound_doors.settings(), **sns_host.environment(),
    )  # fmt: skip
    eventually(lambda: program.says("Listening at") and answers(address), hoping="the web server")
    yield f"http://{address}"
    program.end()


GUNICORN = ("--worker-class", "gthread", "--threads", "4", "--no-control-socket")


def answers(address: str) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://{address}/healthz") as answer:
        return bool(answer.status == 200)
    return False


@pytest.fixture
def idle(servers: Servers) -> Iterator[Program]:
    """The process that waits at all mailboxes for news."""
    program = servers.start("idle", "manage.py", "listen_imap")
    eventually(lambda: program.says("listening at IMAP mailboxes"), hoping="the IMAP listener")
    yield program
    program.end()


@pytest.fixture
def rival_scene(scene: Scene, servers: Servers) -> Scene:
    """Another workspace, of the same people."""
    return Scene(servers, f"{scene.slug}-rival")


def slug_of(request: pytest.FixtureRequest) -> str:
    """Such as s13b; a journey that is no row of the table has no name of its own."""
    return slug_in(request.node.name)


def slug_in(name: str) -> str:
    first = name.removeprefix("test_").partition("_")[0]
    return first if first[1:2].isdigit() else "journey"
