"""Narrows a list by what the reader typed or chose; a text is only ever compared, never parsed."""

import uuid

from django.db.models import Exists, OuterRef, Q, QuerySet

from activities.models import Activity, Channel, Participant, Sighting
from contacts.selectors import search_text

ARRIVALS = {"bcc": Channel.Source.BCC, "sent": Channel.Source.SENT, "mailbox": Channel.Source.SYNC}


def found_in(
    rows: QuerySet[Activity], workspace_id: uuid.UUID, *, text: str = "", arrived: str = ""
) -> QuerySet[Activity]:
    """The activities that carry the text in subject, title or address, by the given way in.

    Where a subject is not shared with the reader, it is not searched either.
    """
    wanted = search_text(text)
    if wanted:
        rows = rows.filter(_speaks_of(workspace_id, wanted))
    if arrived in ARRIVALS:
        rows = rows.filter(
            Exists(
                Sighting.objects.filter(
                    workspace_id=workspace_id,
                    message=OuterRef("message"),
                    counts=True,
                    channel__source=ARRIVALS[arrived],
                )
            )
        )
    return rows


def _speaks_of(workspace_id: uuid.UUID, text: str) -> Q:
    people = Participant.objects.filter(
        Q(address__contains=text.lower()) | Q(name__icontains=text),
        workspace_id=workspace_id,
        message=OuterRef("message"),
    )
    shared = Q(own=True) | ~Q(sharing=Channel.Sharing.METADATA)
    subject = Q(message__subject__icontains=text) | Q(title__icontains=text)
    return (subject & shared) | Q(Exists(people))
