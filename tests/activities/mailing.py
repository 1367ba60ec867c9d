"""Short words for tests that put mail through the ingest: a mailbox, an address, one mail."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

from accounts import tenancy
from accounts.models import Member
from activities.mail.mime import parse, parse_headers
from activities.matching.words import Source, Verdict
from activities.models import Channel, ChannelProject
from activities.services.incoming import IncomingCopy, Result
from activities.services.log_messages import log_messages
from contacts.models import Project

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
_numbers = itertools.count(1)


def make_channel(
    cast: SimpleNamespace,
    owner: Member | None,
    *projects: Project,
    source: str = "sync",
    **extra: Any,
) -> Channel:
    """A mailbox of `owner` (or an inbound address where there is none) on the given projects."""
    name = owner.name if owner else "inbound"
    channel = Channel.objects.create(
        workspace_id=cast.id, owner=owner, source=source, name=name, **extra
    )
    for project in projects:
        ChannelProject.objects.create(workspace_id=cast.id, channel=channel, project=project)
    return channel


def write_mail(
    sender: str, to: str, *, subject: str = "Hello", cc: str = "", text: str = "Hi.", **headers: str
) -> bytes:
    """The bytes of one mail; further headers by keyword (`in_reply_to="<a@b>"`)."""
    number = next(_numbers)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    if cc:
        mail["Cc"] = cc
    fields = {name.replace("_", "-").title(): value for name, value in headers.items()}
    mail["Message-ID"] = fields.pop("Message-Id", f"<m{number}@mail.example>")
    mail["Date"] = fields.pop(
        "Date", (NOON + timedelta(minutes=number)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    )
    for name, value in fields.items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def a_copy(
    channel: Channel, raw: bytes, *, sender: Member | None = None, **extra: Any
) -> IncomingCopy:
    """One copy of a mail as the channel's door would hand it over."""
    source = Source(channel.source)
    message, body = parse(raw) if source is Source.BCC else (parse_headers(raw), None)
    owner = channel.owner_id or (sender.id if sender else None)
    defaults: dict[str, Any] = {
        "provider_id": str(uuid.uuid4()),
        "received_at": NOON + timedelta(hours=1),
        "verdict": Verdict.MEMBER,
    }
    return IncomingCopy(
        source=source,
        channel_id=channel.id,
        owner_id=owner,
        message=message,
        body=body,
        raw=raw if body else None,
        **(defaults | extra),
    )


def arrive(cast: SimpleNamespace, *copies: IncomingCopy) -> list[Result]:
    """Put copies of one owner through the ingest, as the doors do."""
    with tenancy.in_workspace(cast.id, copies[0].owner_id):
        return log_messages(cast.id, copies)
