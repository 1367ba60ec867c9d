"""The narrow ways across workspaces, the role that everything runs as, and reused connections."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader

from accounts import tenancy
from accounts.models import Member
from tests.architecture import crawl
from tests.architecture.leaks import tables_with

# Unique across workspaces, each because it is looked up before anybody knows which workspace.
GLOBAL = {
    "accounts_apikey_prefix": "an API key is found by its prefix",
    "accounts_invitation_token": "an invitation is found by the hash of its token",
    "mailsync_visit_state": "who comes back from a vendor is found by the hash of their state",
    "bcc_inbound_address_token": "inbound mail is routed by the hash of its token",
}


def ask(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.mark.django_db
def test_what_looks_across_workspaces_answers_ids_and_nothing_else() -> None:
    functions = ask(
        """select p.proname, array(select t::regtype::text from unnest(
            coalesce(p.proallargtypes, array[p.prorettype])) with ordinality u(t, place)
            where p.proargmodes is null or p.proargmodes[place] = 't'),
        coalesce(p.proconfig::text, ''), coalesce(p.proacl::text, 'public')
        from pg_proc p where p.prosecdef"""
    )
    assert len(functions) >= 8
    for name, answers, configured, granted in functions:
        assert set(answers) == {"uuid"}, name  # type: ignore[call-overload]
        assert "search_path=public, pg_temp" in str(configured), name
        assert "{=X/" not in str(granted), name
        assert ",=X/" not in str(granted), name
        assert granted != "public", name


def test_what_a_migration_drops_is_made_again_on_the_way_back() -> None:
    migrations = MigrationLoader(None).disk_migrations.values()
    steps = [one for each in migrations for one in each.operations if isinstance(one, RunSQL)]
    drops = [one for one in steps if str(one.sql).startswith("drop function ")]
    assert len(drops) >= 6
    for one in drops:
        made = str(one.sql).replace("drop", "create").partition("(")[0]
        assert str(one.reverse_sql).startswith(f"{made}("), one.sql


@pytest.mark.django_db
def test_the_application_owns_nothing_and_makes_nothing() -> None:
    assert ask("select 1 from pg_class where relowner = current_user::regrole") == []
    assert ask("select has_schema_privilege('public', 'create')") == [(False,)]
    assert ask(
        "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
        " where rolname = current_user"
    ) == [(False,) * 4]


@pytest.mark.django_db
def test_unique_keys_of_a_workspace_start_with_it() -> None:
    found = ask(
        """select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
        join pg_class t on t.oid = i.indrelid
        join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
        where i.indisunique and not i.indisprimary and a.attname <> 'workspace_id'
        and exists (select 1 from pg_attribute w where w.attrelid = t.oid
            and w.attname = 'workspace_id' and not w.attisdropped)"""
    )
    # A one-to-one key is an id, which no other workspace can hold: its foreign key forbids it.
    assert {str(row[0]) for row in found if not str(row[0]).endswith("_key")} == GLOBAL.keys()


@pytest.mark.django_db(transaction=True)
def test_one_connection_serves_two_workspaces_in_turn_also_after_an_exception(
    ours: SimpleNamespace, rival: SimpleNamespace
) -> None:
    def backend() -> object:
        return ask("select pg_backend_pid()")[0][0]

    first = backend()
    for cast, other in ((ours, rival), (rival, ours), (ours, rival)):
        page = crawl.signed_in(cast.ana).ask("GET", f"/w/{cast.slug}/settings/people/")
        assert cast.ana.user.email in page.whole
        assert other.ana.user.email not in page.whole
        with pytest.raises(ZeroDivisionError), tenancy.in_workspace(cast.id, cast.ana.id):
            1 / (Member.objects.count() - 2)
        assert Member.objects.count() == 0
        assert crawl.signed_in(cast.ana).ask("GET", f"/w/{other.slug}/contacts/").status_code == 404
        assert Member.objects.count() == 0
    assert backend() == first


@pytest.mark.django_db(transaction=True)
def test_the_scan_of_the_whole_database_looks_behind_every_policy(
    ours: SimpleNamespace, rival: SimpleNamespace
) -> None:
    """The proof that private words stand nowhere is only as good as the eyes of its reader."""
    found = tables_with("rival.example", "nobody-wrote-this")
    assert {"accounts_memberaddress", "contacts_internaldomain"} <= found["rival.example"]
    assert found["nobody-wrote-this"] == set()
    assert Member.objects.count() == 0
