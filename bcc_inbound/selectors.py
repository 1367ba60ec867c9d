"""What the doors and pages ask about inbound addresses and deliveries."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from accounts import tenancy
from accounts.models import Member
from bcc_inbound.addresses import hash_token, token_in, write_address
from bcc_inbound.models import Delivery, InboundAddress, TrustedSender
from contacts.models import Project
from contacts.selectors import visible_projects

COUNTED_UP_TO = 100


@dataclass(frozen=True, slots=True)
class Route:
    """Where mail for an envelope recipient belongs."""

    workspace_id: uuid.UUID
    address_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Usage:
    """How many mails came to an address, and when the last one did."""

    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Retiring:
    """A rotated address that still works until then, and what still comes to it."""

    id: uuid.UUID
    text: str
    until: datetime
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class ShownAddress:
    """One address as a page shows it; `project` is None for the workspace's own.

    `retiring` holds every rotated address that still works; `usage` is filled by `with_usage`, and
    None where nothing came yet.
    """

    id: uuid.UUID
    project: Project | None
    text: str
    retiring: tuple[Retiring, ...]
    usage: Usage | None = None


def find_route(recipient: str) -> Route | None:
    """Where mail to this recipient belongs; None for an address that is not, or no longer, ours."""
    token = token_in(recipient)
    found = tenancy.call("bcc_inbound_route", hash_token(token)) if token else []
    return Route(*found[0]) if found else None


def working_addresses(workspace_id: uuid.UUID) -> QuerySet[InboundAddress]:
    """The addresses that mail may come to at this moment, rotated ones in their grace included."""
    works = Q(works_until=None) | Q(works_until__gt=timezone.now())
    return InboundAddress.objects.filter(works, workspace_id=workspace_id)


def shown_addresses(
    workspace_id: uuid.UUID, member: Member, *, workspace_name: str
) -> list[ShownAddress]:
    """The addresses of the workspace and of the projects that the member may see, in that order."""
    seen = visible_projects(workspace_id, member)
    rows = working_addresses(workspace_id).filter(Q(project=None) | Q(project__in=seen))
    by_project: dict[uuid.UUID | None, list[InboundAddress]] = {}
    for row in rows.select_related("project").order_by("project__name", "created_at"):
        by_project.setdefault(row.project_id, []).append(row)
    shown = [one for group in by_project.values() for one in _shown(group, workspace_name)]
    return sorted(
        shown,
        key=lambda one: (one.project is not None, one.project.name.lower() if one.project else ""),
    )


def with_usage(workspace_id: uuid.UUID, shown: list[ShownAddress]) -> list[ShownAddress]:
    """The same addresses with what came to each, rotated ones too. One query."""
    asked = [one.id for one in shown] + [old.id for one in shown for old in one.retiring]
    rows = Delivery.objects.filter(workspace_id=workspace_id, inbound_address__in=asked)
    counted = rows.values_list("inbound_address_id").annotate(Count("id"), Max("received_at"))
    usage = {address_id: Usage(count, last) for address_id, count, last in counted}
    return [
        replace(
            one,
            usage=usage.get(one.id),
            retiring=tuple(replace(old, usage=usage.get(old.id)) for old in one.retiring),
        )
        for one in shown
    ]


def _shown(rows: list[InboundAddress], workspace_name: str) -> list[ShownAddress]:
    """A project has two current addresses after another one was deleted into it."""
    retiring: list[Retiring] = []
    shown: list[ShownAddress] = []
    for row in rows:
        text = write_address(row.project.name if row.project else workspace_name, row.token)
        if row.works_until is not None:
            retiring.append(Retiring(row.id, text, row.works_until))
            continue
        shown.append(ShownAddress(row.id, row.project, text, ()))
    if shown:
        shown[0] = replace(shown[0], retiring=tuple(retiring))
    return shown


def waiting(workspace_id: uuid.UUID, state: Delivery.State) -> QuerySet[Delivery]:
    """Deliveries that wait for an admin in this state; their raw bytes are not loaded."""
    rows = Delivery.objects.filter(workspace_id=workspace_id, state=state)
    return rows.defer("raw").select_related("inbound_address__project", "released_by")


def waiting_for_dns(workspace_id: uuid.UUID) -> QuerySet[Delivery]:
    """Deliveries whose sender could not be checked yet, the longest wait first."""
    rows = waiting(workspace_id, Delivery.State.DUE).filter(waits__gt=0, released_by=None)
    return rows.order_by("received_at", "id")


def trusted_senders(workspace_id: uuid.UUID) -> QuerySet[TrustedSender]:
    """Outside addresses that are trusted, each at the address that its project has now."""
    rows = TrustedSender.objects.filter(
        workspace_id=workspace_id, inbound_address__works_until=None
    )
    return rows.select_related("inbound_address__project", "trusted_by")


def count_waiting(workspace_id: uuid.UUID, state: Delivery.State) -> int:
    """How many wait in this state, counted up to a hundred."""
    rows = Delivery.objects.filter(workspace_id=workspace_id, state=state).values("id")
    return rows[:COUNTED_UP_TO].count()
