"""The boundary between workspaces as the database's own catalog shows it."""

from collections.abc import Iterator
from types import SimpleNamespace

import environ
import psycopg2
import pytest
from django.db import connection

from accounts.models import Member, User
from tests.architecture import proofs


@pytest.mark.parametrize("model", proofs.our_models(), ids=lambda model: model._meta.label)
def test_every_model_is_owned_by_a_workspace_or_stands_on_the_short_list(model: type) -> None:
    owned = model in proofs.workspace_models()
    assert owned != (model._meta.label in proofs.NOBODYS)  # type: ignore[attr-defined]
    assert not owned or proofs.has_policy(model)


@pytest.mark.usefixtures("db")
def test_every_table_with_a_workspace_forces_a_policy_with_both_clauses() -> None:
    assert proofs.unguarded_tables() == []


def test_every_key_inside_a_workspace_carries_the_workspace() -> None:
    assert proofs.loose_keys() == []


def test_without_a_workspace_every_table_is_empty(ours: SimpleNamespace) -> None:
    _fill(ours)
    assert proofs.visible_without_a_workspace() == {}


@pytest.fixture
def owner_connection(transactional_db: None) -> Iterator[psycopg2.extensions.connection]:
    """A connection as the owner of the tables, for taking a defence out."""
    owner = environ.Env().db_url("DATABASE_OWNER_URL")
    found = psycopg2.connect(
        host=owner["HOST"],
        port=owner["PORT"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
        options="-c lock_timeout=5s",
    )
    found.autocommit = True
    yield found
    found.close()


def test_the_proofs_fail_when_row_level_security_is_off_on_one_table(
    owner_connection: psycopg2.extensions.connection, request: pytest.FixtureRequest
) -> None:
    ours = request.getfixturevalue("ours")
    _fill(ours)
    with owner_connection.cursor() as cursor:
        for model in proofs.workspace_models():
            table = model._meta.db_table
            cursor.execute(f'alter table "{table}" disable row level security')
            try:
                assert proofs.unguarded_tables() == [table]
                assert set(proofs.visible_without_a_workspace()) == {model._meta.label}
            finally:
                cursor.execute(f'alter table "{table}" enable row level security')


def _fill(cast: SimpleNamespace) -> proofs.Mirror:
    return proofs.Mirror(cast.id, "marker-of-ours", member=cast.ana, user=User.objects.first())


def test_the_mirror_fills_every_table(ours: SimpleNamespace) -> None:
    mirror = _fill(ours)
    assert set(mirror.rows) - {User} == set(proofs.workspace_models())
    assert isinstance(mirror.rows[Member], Member)
