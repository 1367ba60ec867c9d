"""What a workspace's own acts leave in logs, in the cache and in the messages to the workers."""

import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import redis

from config.celery import app
from tests.architecture import crawl
from tests.architecture.crawl import ApiBodies
from tests.architecture.inhabit import inhabit
from tests.architecture.leaks import as_written, redis_texts

# Ends the session, or the very thing that the next doors are about; each comes last.
LAST = ("deletion", "merge", "disconnect", "removal", "discard", "undo", "logout", "detail")


@pytest.fixture
def word() -> str:
    return f"zq{uuid.uuid4().hex[:12]}"


@pytest.fixture
def quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.INBOUND_TRUSTED_PEERS = ["127.0.0.1"]


@pytest.fixture
def own_broker(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[str]:
    """A Redis database where no worker of another test takes the messages away."""
    url = settings.REDIS_URL.rpartition("/")[0] + "/8"
    monkeypatch.setenv("CELERY_BROKER_URL", url)
    app._after_fork()  # Celery keeps its connections, and has to open new ones.
    yield url
    redis.Redis.from_url(url).flushdb()
    monkeypatch.undo()
    app._after_fork()


@pytest.fixture
def lived_in(
    transactional_db: None, quick: None, own_broker: str, word: str, ours: SimpleNamespace
) -> SimpleNamespace:
    """Committed, so that every wake-up really goes to the broker, whose queue is read back."""
    ours.places = inhabit(ours, word)
    return ours


def test_acts_leave_no_word_of_the_mail_in_logs_cache_or_messages(
    lived_in: SimpleNamespace, own_broker: str, word: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    kinds = set()
    for visitor in (crawl.signed_in(lived_in.ana), crawl.with_key(lived_in, lived_in.ana)):
        bodies = ApiBodies()
        for door in sorted(visitor.doors(), key=lambda one: one.name.endswith(LAST)):
            url = door.url(lived_in.places)
            for method in crawl.methods(door):
                data = crawl.form(lived_in.places, "contact")
                if door.is_api:
                    data = bodies.of(door, method, lived_in.places) if door.in_workspace else {}
                answer = visitor.ask(method, url, {} if method == "GET" else data)
                kinds.add((method, answer.status_code // 100))
                assert answer.status_code < 500, crawl.show(method, url, answer)
    assert {("POST", 2), ("POST", 3), ("POST", 4)} <= kinds
    written = [as_written(record) for record in caplog.records]
    assert "\n".join(line for line in written if word in line or "@client" in line) == ""
    texts = redis_texts() + redis_texts(own_broker)
    # The wake-ups did arrive, and they carry ids and nothing else.
    assert any(str(lived_in.id) in one for one in texts)
    assert [one for one in texts if word in one or "@client" in one] == []
