"""The commands as processes of their own: the listener, and what fills the demo."""

import json
import os
import re
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import environ
import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from accounts import tenancy
from accounts.models import Workspace
from activities.models import Activity, Channel
from bcc_inbound.management.demo import directory
from bcc_inbound.management.demo.found import find
from bcc_inbound.models import Delivery
from bcc_inbound.smtp_door import TRY_AGAIN
from tests.bcc_inbound.conftest import Server, a_mail, deliveries, free_port, process_all

ROOT = Path(__file__).resolve().parents[2]


def environment(**changes: str) -> dict[str, str]:
    database = connection.settings_dict
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}"
        f":{database['PORT']}/{database['NAME']}"
    )
    plain = {key: value for key, value in os.environ.items() if key != "TEST_DATABASE_SUFFIX"}
    return plain | {"DATABASE_URL": url, "INBOUND_TRUSTED_PEERS": "127.0.0.1"} | changes


@contextmanager
def running(*options: str, **changes: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`manage.py listen_smtp` as a process, and the port that it says it listens on."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "listen_smtp", "--port", "0", *options],
        cwd=ROOT,
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, _port(process)
    finally:
        process.kill()
        process.wait()


def _port(process: subprocess.Popen[str]) -> int:
    said = ""
    for line in process.stdout or ():
        said += line
        found = re.search(r"listening on \S+ port (\d+)", line)
        if found:
            return int(found[1])
    raise AssertionError(said)


def test_a_mail_comes_in_and_sigterm_ends_the_listener(
    transactional_db: None, live: SimpleNamespace
) -> None:
    with running() as (process, port):
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("ana@ours.example", [live.to_one], bytes(a_mail()))
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert [one.trusted_peer for one in deliveries(live)] == [True]


def test_it_starts_without_a_database_and_asks_senders_to_try_again(
    transactional_db: None, live: SimpleNamespace
) -> None:
    nowhere = f"postgres://threadwell_app:x@127.0.0.1:{free_port()}/threadwell"
    with (
        running(DATABASE_URL=nowhere) as (_process, port),
        smtplib.SMTP("127.0.0.1", port) as client,
    ):
        client.ehlo()
        client.mail("ana@ours.example")
        code, text = client.rcpt(live.to_one)
    assert f"{code} {text.decode()}" == TRY_AGAIN


def test_it_does_not_start_as_a_role_that_sees_every_workspace(
    transactional_db: None, live: SimpleNamespace
) -> None:
    owner = environ.Env().db_url("DATABASE_OWNER_URL")
    url = (
        f"postgres://{owner['USER']}:{owner['PASSWORD']}@{owner['HOST']}:{owner['PORT']}"
        f"/{connection.settings_dict['NAME']}"
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "listen_smtp", "--port", "0"],
        cwd=ROOT,
        env=environment(DATABASE_URL=url),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "threadwell_app" in done.stderr


def test_a_list_of_peers_that_cannot_be_read_is_refused(settings: Any) -> None:
    settings.INBOUND_TRUSTED_PEERS = ["mail.example"]
    with pytest.raises(CommandError, match="INBOUND_TRUSTED_PEERS"):
        call_command("listen_smtp")


def test_lmtp_is_spoken_when_asked(transactional_db: None, live: SimpleNamespace) -> None:
    with running("--lmtp") as (_process, port), smtplib.LMTP("127.0.0.1", port) as client:
        assert client.sendmail("ana@ours.example", [live.to_one], bytes(a_mail())) == {}
    assert len(deliveries(live)) == 1


def test_a_broker_that_is_down_loses_nothing(transactional_db: None, live: SimpleNamespace) -> None:
    nowhere = f"redis://127.0.0.1:{free_port()}/0"
    with running(REDIS_URL=nowhere) as (process, port):
        began = time.monotonic()
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("ana@ours.example", [live.to_one], bytes(a_mail()))
        assert time.monotonic() - began < 3
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)[0]
    assert "did not reach the broker" in said
    assert len(deliveries(live)) == 1


@pytest.fixture
def demo(transactional_db: None, settings: Any, tmp_path: Path) -> Any:
    settings.DEMO = True
    settings.BLOB_ROOT = str(tmp_path / "blobs")
    settings.INBOUND_TRUSTED_PEERS = ["127.0.0.1"]
    return settings


def make_demo(capsys: pytest.CaptureFixture[str], **options: str) -> dict[str, str]:
    call_command("demo_workspace", **options)
    said: dict[str, str] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return said


def test_the_demo_workspace_is_made_once_and_lets_its_members_in(
    demo: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = make_demo(capsys), make_demo(capsys)
    assert first == second
    client = Client()
    signed_in = client.post(
        "/accounts/login/", {"login": first["sign_in"], "password": first["password"]}
    )
    assert signed_in.status_code == 302
    assert client.get(first["workspace_path"]).status_code == 200
    found = find(directory.BEN.address)
    assert found is not None
    with tenancy.in_workspace(found.workspace_id):
        assert Workspace.objects.count() == 1


def test_the_demo_is_refused_outside_a_demo(demo: Any) -> None:
    demo.DEMO = False
    with pytest.raises(CommandError):
        call_command("demo_workspace")


def test_the_demos_mail_shows_every_queue_and_repeating_it_changes_nothing(
    demo: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    make_demo(capsys, password="a demo password")
    found = find(directory.ANA.address)
    assert found is not None
    cast = SimpleNamespace(id=found.workspace_id)
    server = Server()
    # The worker of this test: every stored mail is processed as it comes.
    server.door.waker._kick = lambda workspace_id: (process_all(cast), connection.close())
    try:
        for _ in range(2):
            call_command("demo_mail", smtp_port=server.port, no_import=True)
    finally:
        server.stop()
    process_all(cast)
    with tenancy.in_workspace(found.workspace_id, found.member_id):
        states = set(Activity.objects.values_list("state", flat=True))
        banners = set(Activity.objects.values_list("banner", flat=True))
        assert Delivery.objects.count() == 12
        assert Delivery.objects.filter(state=Delivery.State.HELD).count() == 1
        assert Delivery.objects.filter(verdict="reply").count() == 1
        assert Channel.objects.filter(source=Channel.Source.BCC).count() == 3
    assert states == {"logged", "unassigned", "needs_project"}
    assert "ignored" in banners


def test_the_demo_names_no_real_domain() -> None:
    files = (ROOT / "bcc_inbound/management/demo").glob("*")
    for path in files:
        if path.is_file():
            domains = re.findall(r"@([\w.-]+\.\w+)", path.read_text(encoding="utf-8"))
            assert {domain.rpartition(".")[2] for domain in domains} <= {"example"}, path.name
    assert django_settings.INBOUND_DOMAIN.endswith(".localhost")
