"""Services of the tests' own, apart from those that the other tests run on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import services

GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "CREDENTIAL_KEYS")


@pytest.fixture
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a newcomer, who has neither a database nor a broker."""
    for name in (*GIVEN, "BLOB_ROOT", "EMAIL_URL", "TEST_DATABASE_SUFFIX"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def own_services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A PostgreSQL and a Valkey for one module, whose roles its tests may change."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (*GIVEN, "BLOB_ROOT"):
            patch.delenv(name, raising=False)
        state: Path = tmp_path_factory.mktemp("state")
        with services.running(state, durable=False) as environment:
            yield environment | {"STATE": str(state)}
