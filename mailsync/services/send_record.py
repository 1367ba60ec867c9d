"""Puts a mail that was sent into the record, in the transaction that marks it as sent."""

import uuid

from django.db.models.functions import Now

from accounts import audit, tenancy
from activities.matching.facts import ProfileFact
from activities.matching.words import Source
from activities.models import Channel, ChannelProject
from activities.parsing import parse_raw
from activities.services.incoming import IncomingCopy, Result
from activities.services.log_messages import log_messages
from mailsync.models import Mailbox, OutgoingFile, OutgoingMail
from mailsync.services.lease import LeaseLost
from mailsync.services.outbox_claim import Claim
from mailsync.services.send_copies import as_synced


def record_sent(taken: Claim, raw: bytes, ref: str) -> Result:
    """Mark the mail as sent and log it as source sent; returns what became of it.

    `raw` is the mail as its recipients got it, `ref` the provider's id of the sent copy. The row
    then keeps nothing of what the mail says. Raises LeaseLost where it is another worker's.
    """
    mail, (message, body) = taken.mail, parse_raw(raw)
    with tenancy.in_workspace(taken.workspace_id, taken.owner.id):
        # First, because it locks the mailbox's row: sync and this are one after the other.
        channel = sent_channel(mail.mailbox)
        message = as_synced(mail.mailbox, message, ref)
        if not taken.row.update(
            state=OutgoingMail.State.SENT,
            sent_at=Now(),
            leased_until=None,
            send_at=None,
            provider_ref=ref,
            fingerprint=message.fingerprint,
            **_NOTHING_LEFT,
        ):
            raise LeaseLost
        copy = IncomingCopy(
            source=Source.SENT,
            channel_id=channel.id,
            owner_id=taken.owner.id,
            provider_id=str(mail.id),
            message=message,
            received_at=mail.dated_at or mail.created_at,
            outgoing=True,
            body=body,
            raw=raw,
            profile=profile_of(mail),
            picked_project_id=picked_of(mail),
        )
        (result,) = log_messages(taken.workspace_id, [copy])
        OutgoingMail.objects.filter(id=mail.id).update(activity_id=result.activity_id)
        OutgoingFile.objects.filter(workspace_id=taken.workspace_id, mail_id=mail.id).delete()
        audit.record(
            taken.workspace_id,
            taken.owner,
            "mail sent",
            mail,
            after={
                "mailbox_id": str(mail.mailbox_id),
                "activity_id": str(result.activity_id or ""),
            },
        )
    return result


def profile_of(mail: OutgoingMail) -> ProfileFact | None:
    """The profile that the mail was written from (R7)."""
    if mail.contact_id is None or mail.project_id is None:
        return None
    return ProfileFact(str(mail.contact_id), str(mail.project_id))


def picked_of(mail: OutgoingMail) -> str | None:
    """The project that its writer picked, where it was not written from a profile (R7)."""
    if mail.project_id is None or mail.contact_id is not None:
        return None
    return str(mail.project_id)


def sent_channel(mailbox: Mailbox) -> Channel:
    """The way in of what is sent from this mailbox, made at the first mail.

    Its projects are the mailbox's; `choose_projects` keeps them so.
    """
    here = {"workspace_id": mailbox.workspace_id}
    row = Mailbox.objects.select_for_update(of=("self",)).get(**here, id=mailbox.id)
    if row.sent_channel_id is not None:
        return Channel.objects.get(**here, id=row.sent_channel_id)
    channel = Channel.objects.create(
        **here,
        owner_id=_owner_of(mailbox),
        source=Channel.Source.SENT,
        name=mailbox.address,
    )
    places = ChannelProject.objects.filter(**here, channel_id=mailbox.channel_id)
    ChannelProject.objects.bulk_create(
        [
            ChannelProject(**here, channel=channel, project_id=project_id)
            for project_id in places.values_list("project_id", flat=True)
        ]
    )
    Mailbox.objects.filter(**here, id=mailbox.id).update(sent_channel=channel)
    return channel


def _owner_of(mailbox: Mailbox) -> uuid.UUID | None:
    return mailbox.channel.owner_id


_NOTHING_LEFT = {
    "to": "",
    "cc": "",
    "bcc": "",
    "subject": "",
    "text": "",
    "error": "",
    "answers": {},
}
