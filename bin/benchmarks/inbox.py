"""Row `inbox`: what a page of a member's own mail reads, by how much mail the mailbox has.

Both mailboxes stand in one database and were analysed, as they would be.
"""

from collections.abc import Iterator

from django.http import HttpRequest, QueryDict

from accounts import keyset, tenancy
from activities.models import PrivateMessage
from benchmarks.inbox_data import make_mailbox
from benchmarks.page_cost import Cost, cost_of
from benchmarks.report import Figure
from benchmarks.rows import Bench
from benchmarks.workspace import Place
from mailsync.models import Folder, Mailbox

_SMALL, _LARGE = 10_000, 100_000
_DEPTH = 70_000
_QUERIES = 45

_PAGES = {
    "all mail": "folder=all",
    "a folder with much": "folder={inbox}",
    "a folder with little": "folder={rare}",
    "logged": "folder=all&show=logged",
    "needs a project": "folder=all&show=needs_project",
    "not logged": "folder=all&show=not_logged",
    "one reason": "folder=all&show=not_logged&rule=R4",
    "ignored": "folder=all&show=ignored",
    "a common word": "q=order",
    "a rare word": "q=lighthouse",
    "no such word": "q=zeppelin",
    "a sender": "q=from:person7@",
}


def measure(bench: Bench) -> Iterator[Figure]:
    small, small_mailbox = make_mailbox(bench, 31, _SMALL)
    large, large_mailbox = make_mailbox(bench, 32, _LARGE)
    found: dict[str, Cost] = {}
    for name, query in _PAGES.items():
        few = cost_of(small, _path(small, small_mailbox, query))
        found[name] = cost_of(large, _path(large, large_mailbox, query))
        yield from _figures(name, few, found[name])
    deep = cost_of(large, _deep(large, large_mailbox))
    yield Figure(
        "inbox",
        f"all mail: blocks at depth {_DEPTH:,} by those at the top",
        deep.blocks / found["all mail"].blocks,
        at_most=1.2,
        facts={"blocks": deep.blocks, "queries": deep.queries},
    )


def _figures(name: str, few: Cost, many: Cost) -> Iterator[Figure]:
    yield Figure(
        "inbox",
        f"{name}: blocks at {_LARGE:,} by those at {_SMALL:,}",
        many.blocks / few.blocks,
        at_most=1.2,
        facts={
            "blocks": many.blocks,
            "blocks_small": few.blocks,
            "ms": round(many.milliseconds, 1),
            "ms_small": round(few.milliseconds, 1),
            "heaviest": many.heaviest,
        },
    )
    queries = max(few.queries, many.queries)
    yield Figure("inbox", f"{name}: queries", queries, at_most=_QUERIES)


def _deep(place: Place, mailbox: Mailbox) -> str:
    """The page of all mail that follows so many private mails."""
    with tenancy.in_workspace(place.id, place.member.id):
        rows = PrivateMessage.objects.filter(workspace_id=place.id, channel_id=place.mailbox.id)
        row = rows.order_by("-received_at", "-id")[_DEPTH]
    request = HttpRequest()
    request.path, _mark, query = _path(place, mailbox, "folder=all").partition("?")
    request.GET = QueryDict(query)
    return keyset.url_after(request, row, by="received_at")


def _path(place: Place, mailbox: Mailbox, query: str) -> str:
    with tenancy.in_workspace(place.id, place.member.id):
        slug = place.member.workspace.slug
        read = Folder.objects.filter(workspace_id=place.id, mailbox=mailbox)
        folders = {one.provider_id.lower(): one.id for one in read}
    return f"/w/{slug}/inbox/?{query.format(**folders)}"
