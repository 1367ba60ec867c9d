"""Row `pages`: what a list page reads, by the number of rows and by how deep one has gone.

A page is asked for as a browser does, signed in and with everything around the list. Each query
that it sent is then run again by EXPLAIN (ANALYZE, BUFFERS) in the same place. The small workspace
stands in one database with the large one, as it would: there the planner can be mistaken about
either. What it read while it was alone is told as `blocks_alone`.
"""

from collections.abc import Iterator

from django.http import HttpRequest, QueryDict

from accounts import keyset, tenancy
from activities.models import Activity, PrivateMessage
from benchmarks.page_cost import Cost, cost_of
from benchmarks.pages_data import make_pages
from benchmarks.report import Figure
from benchmarks.rows import Bench
from benchmarks.workspace import Place

_SMALL, _LARGE, _HUGE = 10_000, 1_000_000, 10_000_000
_DEPTH = 900_000


def measure(bench: Bench) -> Iterator[Figure]:
    place, pages = _workspace(bench, 11, _SMALL)
    alone = _costs(place, pages)
    for number, count in enumerate((_LARGE, *((_HUGE,) if bench.full else ())), 12):
        large, large_pages = _workspace(bench, number, count)
        small, costs = _costs(place, pages), _costs(large, large_pages)
        for name, cost in costs.items():
            yield from _growth(name, count, small[name], cost, alone[name])
        yield from _depths(large, large_pages, costs)


def _workspace(bench: Bench, number: int, count: int) -> tuple[Place, dict[str, str]]:
    place, contact = make_pages(bench, number, count)
    slug = f"/w/{_slug(place)}"
    return place, {
        "Activities": f"{slug}/activities/",
        "Unassigned": f"{slug}/activities/unassigned/",
        "a contact's timeline": f"{slug}/contacts/{contact.id}/",
        "own folders": f"{slug}/inbox/?folder=all",
    }


def _costs(place: Place, pages: dict[str, str]) -> dict[str, Cost]:
    return {name: cost_of(place, path) for name, path in pages.items()}


def _slug(place: Place) -> str:
    with tenancy.in_workspace(place.id, place.member.id):
        return place.member.workspace.slug


def _growth(name: str, count: int, small: Cost, large: Cost, alone: Cost) -> Iterator[Figure]:
    yield Figure(
        "pages",
        f"{name}: blocks at {count:,} by those at {_SMALL:,}",
        large.blocks / small.blocks,
        at_most=1.2,
        facts={
            "blocks": large.blocks,
            "blocks_small": small.blocks,
            "blocks_alone": alone.blocks,
            "ms": round(large.milliseconds, 1),
            "ms_small": round(small.milliseconds, 1),
            "heaviest": large.heaviest,
        },
    )
    yield Figure(
        "pages",
        f"{name}: queries at {count:,} less those at {_SMALL:,}",
        large.queries - small.queries,
        at_most=0,
        facts={"queries": large.queries},
    )


def _depths(place: Place, pages: dict[str, str], first: dict[str, Cost]) -> Iterator[Figure]:
    with tenancy.in_workspace(place.id, place.member.id):
        logged = Activity.objects.filter(workspace_id=place.id, state=Activity.State.LOGGED)
        private = PrivateMessage.objects.filter(workspace_id=place.id)
        places = {
            "Activities": (logged, "occurred_at"),
            "own folders": (private, "received_at"),
        }
        found = {
            name: (rows.order_by(f"-{by}", "-id")[_DEPTH], by)
            for name, (rows, by) in places.items()
        }
    for name, (row, by) in found.items():
        request = HttpRequest()
        request.path = pages[name].partition("?")[0]
        request.GET = QueryDict(pages[name].partition("?")[2])
        cost = cost_of(place, keyset.url_after(request, row, by=by))
        yield Figure(
            "pages",
            f"{name}: blocks at depth {_DEPTH:,} by those at the top",
            cost.blocks / first[name].blocks,
            at_most=1.1,
            facts={"blocks": cost.blocks, "blocks_top": first[name].blocks},
        )
