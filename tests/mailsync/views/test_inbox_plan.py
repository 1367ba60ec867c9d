"""What PostgreSQL reads for a page of one's own mail: the part it shows, and not the mailbox.

A table of so few rows as here may well be read whole, so whole tables are forbidden while the plans
are made: what counts is that an index leads to each part. `bin/bench inbox` measures the rest.
"""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from activities.models import Channel
from benchmarks import bulk, inbox_data
from tests.architecture.owner import owner_cursor
from tests.mailsync.views.test_pages import browser, url

MAILS = 5_000
TABLES = ("activities_privatemessage", "activities_sighting")
NARROW = ("folder={inbox}", "q=order", "folder=all&show=logged", "folder=all&show=not_logged")
BY_INDEX = (
    "folder=all",
    "folder=all&show=needs_project",
    "folder=all&show=not_logged&rule=R4",
    "folder=all&show=ignored",
    "q=is:waiting",
    "q=after:2020-01-01+before:2020-01-02",
)


@pytest.fixture
def folders(ours: SimpleNamespace) -> dict[str, Any]:
    """Ana's mailbox with thousands of mails, and statistics of it; its folders by their names."""
    with tenancy.in_workspace(ours.id, ours.ana.id):
        channel = Channel.objects.create(
            workspace_id=ours.id, owner=ours.ana, source=Channel.Source.SYNC, name="Full"
        )
        mailbox = inbox_data.connect(channel)
        parameters = inbox_data.named(channel, [ours.one.id, ours.two.id], 1)
        with connection.cursor() as cursor:
            bulk.fill(cursor, inbox_data.FILL, parameters, MAILS)
        found = {one.provider_id.lower(): one.id for one in mailbox.folders.all()}
    with owner_cursor() as cursor:
        cursor.execute("vacuum analyze")
        cursor.execute(
            "select bool_and(relallvisible >= relpages) from pg_class where relname = any(%s)",
            [list(TABLES)],
        )
        if not cursor.fetchone()[0]:
            # Then no plan may read an index alone, whatever indexes there are.
            pytest.skip("another process's open transaction keeps the vacuum from its work")
    return found


@pytest.mark.django_db(transaction=True)
def test_a_page_reads_what_it_shows_and_not_the_mailbox(
    ours: SimpleNamespace, folders: dict[str, Any]
) -> None:
    for query in (*BY_INDEX, *NARROW):
        path = url(f"inbox/?{query.format(**folders)}")
        for _page in range(2):
            scans, path = _scans(ours, path)
            assert "Seq Scan" not in {scan["Node Type"] for scan in scans}, query
            # How far a step may look is told by the index alone; the mails are not read for it.
            ends = [scan for scan in scans if scan["Node Type"] == "Index Only Scan"]
            assert (len(ends) >= 2) is (query in NARROW), query
            read = [_looked_at(scan) for scan in scans if scan not in ends]
            assert max(read, default=0) <= 1_010, query
            if not path:
                break


def _scans(ours: SimpleNamespace, path: str) -> tuple[list[dict[str, Any]], str]:
    """How the tables of mail are read for a page, and the address of the next page."""
    client = browser(ours)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200
    asked_for = [query["sql"] for query in asked.captured_queries]
    scans: list[dict[str, Any]] = []
    with tenancy.in_workspace(ours.id, ours.ana.id), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        for sql in asked_for:
            if sql.startswith("SELECT") and any(table in sql for table in TABLES):
                cursor.execute(f"explain (analyze, format json) {sql}".replace("%", "%%"))
                found = cursor.fetchone()[0]
                whole = json.loads(found) if isinstance(found, str) else found
                scans += _within(whole[0]["Plan"])
    return scans, answer.context["page"].next_url


def _within(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if plan.get("Relation Name") in TABLES:
        yield plan
    for inner in plan.get("Plans", ()):
        yield from _within(inner)


def _looked_at(scan: dict[str, Any]) -> float:
    rows = scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0)
    return float(rows * scan["Actual Loops"])
