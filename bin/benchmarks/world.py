"""Row `world`: what finding a batch's contacts costs, however many contacts there are."""

from collections.abc import Iterator

from django.db import connection

from accounts import tenancy
from activities.services import rows, world
from benchmarks import bulk, corpus, meters
from benchmarks.report import Figure
from benchmarks.rows import Bench
from benchmarks.workspace import make_workspace

_FEW, _MANY = 1_000, 1_000_000
_ASKED = 5

# Ids count up, as those of the product do.
_FILL = (
    """insert into contacts_contact (id, workspace_id, name, profiles_chosen)
       select lpad(to_hex(%(tag)s + n), 32, '0')::uuid, %(workspace)s, 'Person ' || n, false
       from generate_series(%(first)s, %(last)s) n""",
    """insert into contacts_contactaddress (id, workspace_id, contact_id, address)
       select lpad(to_hex(%(tag)s + n), 32, '0')::uuid, %(workspace)s,
         lpad(to_hex(%(tag)s + n), 32, '0')::uuid,
         'many' || n || '@customer' || n %% 977 || '.example'
       from generate_series(%(first)s, %(last)s) n""",
    """insert into contacts_profile (id, workspace_id, contact_id, project_id, origin)
       select lpad(to_hex(%(tag)s + n), 32, '0')::uuid, %(workspace)s,
         lpad(to_hex(%(tag)s + n), 32, '0')::uuid, %(project)s, 'engine'
       from generate_series(%(first)s, %(last)s) n""",
)


def measure(bench: Bench) -> Iterator[Figure]:
    few, many = (_blocks(bench, place, count) for place, count in enumerate((_FEW, _MANY), 1))
    yield Figure(
        "world",
        f"blocks with {_MANY:,} contacts by those with {_FEW:,}",
        many / few,
        at_most=2,
        facts={"blocks_few": few, "blocks_many": many, "addresses": _ASKED},
    )


def _blocks(bench: Bench, number: int, count: int) -> int:
    place = make_workspace()
    parameters = {
        "tag": number << 40,
        "workspace": str(place.id),
        "project": str(place.projects[0].id),
    }
    with bulk.filling(bench) as cursor:
        bulk.fill(cursor, _FILL, parameters, count)
    step = count // _ASKED
    asked = [f"many{n}@customer{n % 977}.example" for n in range(step // 2, count, step)]
    sent: list[tuple[str, list[object]]] = []

    def remember(statement: tuple[str, list[object]]) -> list[tuple[object, ...]]:
        sent.append(statement)
        return fetch(statement)

    fetch, rows.fetch = rows.fetch, remember
    try:
        with tenancy.in_workspace(place.id, place.member.id):
            loaded = world.load_world(
                place.id,
                owner_id=place.member.id,
                addresses=[*asked, corpus.member_address(0)],
                channel_ids=[place.mailbox.id],
                threads={},
            )
            if len(loaded.world.contacts) != _ASKED:
                raise AssertionError("The contacts that were made are not found.")
            with connection.cursor() as cursor:
                return sum(meters.explain(cursor, *statement)[0] for statement in sent)
    finally:
        rows.fetch = fetch
