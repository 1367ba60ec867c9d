"""What a mail says of whom it is about: the question that `suggestions` answers."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from activities.mail.fingerprint import fold_subject
from activities.models import Activity, ChannelProject, ForwardedMail, PrivateMessage, Sighting
from activities.selectors.lines import snippet_of, title_of
from activities.selectors.one_activity import Shown
from activities.selectors.visible import Sight, shows_everything, shows_subject

MOST_OUTSIDE = 20
TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mail says of whom it is about.

    `original` wrote the forwarded mail, `original_name` is all that is known where the address is
    not sure; `inside` wrote what stands in it further down, `readers` got it. `outside` is
    everybody from outside on the mail itself, with their `names`. `through` are the projects of
    the ways it came in by. `is_note` marks what a member wrote to the address alone.
    """

    original: str = ""
    original_name: str = ""
    inside: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    text: str = ""
    folded: str = ""
    thread_id: uuid.UUID | None = None
    through: frozenset[uuid.UUID] = frozenset()
    activity_id: uuid.UUID | None = None
    is_note: bool = False

    @property
    def writer(self) -> str:
        """Who a new contact would be."""
        return self.original or next(iter(self.outside), "")

    @property
    def writers(self) -> tuple[str, ...]:
        """The addresses that the mail is most likely about, the likeliest first."""
        return tuple(filter(None, (self.original, *self.outside[:MOST_OUTSIDE])))


def asked_of(mail: Shown) -> Asked:
    """What a kept mail says of whom it is about, from its text too. Two queries."""
    text = mail.body.text[:TEXT] if mail.body else mail.line.snippet
    people = [(one.address, one.name) for one in mail.people]
    return _asked([mail.activity], {mail.activity.id: (people, text)})[mail.activity.id]


def asked_of_page(activities: Iterable[Activity]) -> dict[uuid.UUID, Asked]:
    """The same for a page of activities that `with_rows` fetched, from subjects. Two queries."""
    rows = [one for one in activities if one.message is not None]
    return _asked(rows, {row.id: (_people(row), "") for row in rows})


def asked_of_private(row: PrivateMessage) -> Asked:
    """What an unlogged mail of the member's own says of whom it is about. One query."""
    people = row.headers.get("participants", ())
    internal = _internal(row.decision)
    rows = ChannelProject.objects.filter(workspace_id=row.workspace_id, channel_id=row.channel_id)
    return Asked(
        outside=tuple(address for _role, address, _name in people if address not in internal),
        names={address: name for _role, address, name in people},
        subject=row.subject,
        folded=fold_subject(row.subject),
        through=frozenset(rows.values_list("project_id", flat=True)),
    )


def _people(activity: Activity) -> list[tuple[str, str]]:
    rows = activity.message.participants.all() if activity.message else ()
    return [(one.address, one.name) for one in rows]


def _asked(
    activities: Sequence[Activity],
    said: Mapping[uuid.UUID, tuple[list[tuple[str, str]], str]],
) -> dict[uuid.UUID, Asked]:
    copies = {one.id: _copies(one) for one in activities}
    through = _projects(activities, [copy for some in copies.values() for copy in some])
    forwarded = _forwarded(activities)
    return {
        one.id: _one(one, copies[one.id], *said[one.id], through, forwarded.get(one.message_id, []))
        for one in activities
    }


def _one(
    activity: Activity,
    copies: Sequence[Sighting],
    people: list[tuple[str, str]],
    text: str,
    through: Mapping[uuid.UUID, set[uuid.UUID]],
    chain: list[ForwardedMail],
) -> Asked:
    internal = {address for copy in copies for address in _internal(copy.decision)}
    first = chain[0] if chain else None
    subject = title_of(activity) if shows_subject(activity) else ""
    names = dict(people)
    if first is not None and first.sender:
        names.setdefault(first.sender, first.name)
    return Asked(
        original=first.sender if first else _sender(activity, copies),
        original_name=first.name if first and not first.sender else "",
        inside=tuple(dict.fromkeys(row.sender for row in chain[1:] if row.sender)),
        readers=tuple(address for _role, address in first.recipients) if first else (),
        outside=tuple(address for address, _name in people if address not in internal),
        names=names,
        subject=subject,
        text=text or snippet_of(activity),
        folded=fold_subject(subject),
        thread_id=activity.thread.root_id if activity.thread else None,
        through=frozenset(project for copy in copies for project in through[copy.channel_id]),
        activity_id=activity.id,
        is_note=any(copy.copy_facts.get("note") for copy in copies),
    )


def _copies(activity: Activity) -> list[Sighting]:
    return list(activity.message.sightings.all()) if activity.message else []


def _sender(activity: Activity, copies: Sequence[Sighting]) -> str:
    """The original sender as the copy tells it; who may not read the text is told none."""
    if not shows_everything(activity):
        return ""
    found = (copy.copy_facts.get("forwarded_from") for copy in copies)
    return next((str(one) for one in found if one), "")


def _projects(
    activities: Sequence[Activity], copies: Sequence[Sighting]
) -> dict[uuid.UUID, set[uuid.UUID]]:
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    rows = ChannelProject.objects.filter(
        workspace_id__in={one.workspace_id for one in activities},
        channel_id__in={copy.channel_id for copy in copies},
    )
    for channel_id, project_id in rows.values_list("channel_id", "project_id"):
        found[channel_id].add(project_id)
    return found


def _forwarded(activities: Sequence[Activity]) -> dict[uuid.UUID | None, list[ForwardedMail]]:
    """What these mails forward, where the reader may read their text."""
    open_ones = {one.message_id for one in activities if one.message_id and shows_everything(one)}
    found: dict[uuid.UUID | None, list[ForwardedMail]] = defaultdict(list)
    rows = ForwardedMail.objects.filter(
        workspace_id__in={one.workspace_id for one in activities}, message_id__in=open_ones
    )
    for row in rows.order_by("message_id", "position"):
        found[row.message_id].append(row)
    return found


def _internal(decision: Mapping[str, Any]) -> set[str]:
    """The addresses that were taken for our own."""
    people = decision.get("participants", ())
    return {one["address"] for one in people if one.get("kind") == "internal"}


def reaches(sight: Sight, mail: Asked) -> frozenset[uuid.UUID]:
    """The projects of the ways in that the member may see."""
    return mail.through & sight.project_ids
