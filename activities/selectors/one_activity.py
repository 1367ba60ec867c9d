"""One activity with everything that its page shows, at the level that the reader may see."""

import uuid
from dataclasses import dataclass

from activities.models import (
    Activity,
    Assignment,
    Attachment,
    Channel,
    Entry,
    Message,
    MessageBody,
    Participant,
    PendingParticipant,
    Sighting,
)
from activities.selectors.kept_out import entries_on
from activities.selectors.lines import Line, line_of, with_rows
from activities.selectors.visible import Sight, seen, shows_everything, shows_subject

MOST_PEOPLE = 60
MOST_FILES = 100
WORDS = {
    Message.Body.DUE: "due",
    Message.Body.GONE: "gone",
    Message.Body.IMPORT_AGAIN: "import_again",
    Message.Body.UNREADABLE: "unreadable",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page of an activity shows. Where something is not shared it is empty, and
    `shares_text` or `shares_subject` say so."""

    activity: Activity
    line: Line
    people: tuple[Participant, ...]
    more_people: int
    copies: tuple[Sighting, ...]
    assignments: tuple[Assignment, ...]
    waits: tuple[PendingParticipant, ...]
    body: MessageBody | None
    files: tuple[Attachment, ...]
    entries: tuple[Entry, ...]
    shares_subject: bool
    shares_text: bool
    is_in_own_mailbox: bool

    @property
    def body_missing(self) -> str:
        """Why there is no text to show, as a code."""
        message = self.activity.message
        if message is None or self.body is not None or not self.shares_text:
            return ""
        return WORDS.get(Message.Body(message.body_state), "due")


def activity_seen(sight: Sight, activity_id: uuid.UUID) -> Activity | None:
    """The activity, if the member may open it. One query."""
    return seen(sight).select_related("message__thread", "thread").filter(id=activity_id).first()


def shown(sight: Sight, activity_id: uuid.UUID) -> Shown | None:
    """Everything for the page, or None where it is absent or not for this member."""
    rows = with_rows(seen(sight).filter(id=activity_id), sight)
    activity = rows.select_related("settled_by").first()
    if activity is None:
        return None
    message, text = activity.message, shows_everything(activity)
    on_it = Participant.objects.filter(workspace_id=sight.workspace_id, message=message)
    people = list(on_it.order_by("position")[: MOST_PEOPLE + 1]) if message else []
    copies = tuple(message.sightings.all()) if message else ()
    return Shown(
        activity=activity,
        line=line_of(activity),
        people=tuple(people[:MOST_PEOPLE]),
        more_people=max(0, len(people) - MOST_PEOPLE),
        copies=copies,
        assignments=tuple(activity.assignments.all()),
        waits=tuple(activity.pending.all()),
        body=_body(sight, message) if text else None,
        files=_files(sight, message) if text else (),
        entries=tuple(entries_on(sight.workspace_id, [activity]).get(activity.id, ())),
        shares_subject=shows_subject(activity),
        shares_text=text,
        is_in_own_mailbox=any(
            copy.owner_id == sight.member_id and copy.channel.source == Channel.Source.SYNC
            for copy in copies
        ),
    )


def body_seen(sight: Sight, activity_id: uuid.UUID) -> MessageBody | None:
    """The body of an email, if the member may read it."""
    activity = activity_seen(sight, activity_id)
    if activity is None or not shows_everything(activity):
        return None
    return _body(sight, activity.message)


def file_seen(sight: Sight, activity_id: uuid.UUID, position: int) -> Attachment | None:
    """A file of an email, if the member may have it."""
    activity = activity_seen(sight, activity_id)
    if activity is None or not shows_everything(activity) or activity.message is None:
        return None
    rows = Attachment.objects.filter(
        workspace_id=sight.workspace_id, message=activity.message, position=position
    )
    return rows.first()


def _body(sight: Sight, message: Message | None) -> MessageBody | None:
    if message is None:
        return None
    return MessageBody.objects.filter(workspace_id=sight.workspace_id, message=message).first()


def _files(sight: Sight, message: Message | None) -> tuple[Attachment, ...]:
    if message is None:
        return ()
    rows = Attachment.objects.filter(workspace_id=sight.workspace_id, message=message)
    return tuple(rows.order_by("position")[:MOST_FILES])
