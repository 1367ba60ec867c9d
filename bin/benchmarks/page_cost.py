"""What one page costs the database, in counts that do not depend on the machine."""

from dataclasses import dataclass

from django.db import connection
from django.test import Client

from accounts import tenancy
from benchmarks import meters
from benchmarks.workspace import Place
from launcher.children import LauncherError


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page cost: queries, blocks and the milliseconds of the database."""

    queries: int
    blocks: int
    milliseconds: float
    heaviest: str


def cost_of(place: Place, path: str) -> Cost:
    """Ask for a page as its member, and run each of its queries again to count what it reads."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(place.member.user)
    client.get(path)  # Templates and catalogues are warm.
    with meters.counted() as count:
        answer = client.get(path)
    if answer.status_code != 200:
        raise LauncherError(f"A page answered {answer.status_code}.")
    blocks, spent, heaviest = 0, 0.0, (0, "")
    with tenancy.in_workspace(place.id, place.member.id), connection.cursor() as cursor:
        for sql in count.sql:
            if not sql.lstrip().lower().startswith(("select", "with")) or "set_config" in sql:
                continue
            read, took = meters.explain(cursor, sql.replace("%", "%%"))
            blocks, spent = blocks + read, spent + took
            heaviest = max(heaviest, (read, sql[:120]))
    return Cost(count.round_trips, blocks, spent, f"{heaviest[0]} blocks: {heaviest[1]}")
