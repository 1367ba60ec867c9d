"""What a member does with a mail that is on its way: send it, take it back, try it again."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Member
from accounts.policies import may
from activities.models import PrivateMessage, Sighting
from mailsync.models import OutgoingMail
from mailsync.problems import MailboxProblem, NotThere
from mailsync.services.compose_draft import editable
from mailsync.services.compose_letter import check_letter, new_message_id
from mailsync.services.compose_senders import sender_named
from mailsync.services.outbox_claim import CONFIRMED

HOLD = timedelta(seconds=10)
MOST_A_MINUTE = 30

State = OutgoingMail.State


@transaction.atomic
def hold_mail(workspace_id: uuid.UUID, *, by: Member, mail_id: uuid.UUID) -> OutgoingMail:
    """Have the draft sent in ten seconds, and return it. Until then it can be taken back.

    Raises MailboxProblem with the field that keeps it from being sent; it stays a draft then.
    """
    if not may(by, "log"):
        raise NotThere(_("Your role may not send mail."))
    mail = editable(workspace_id, by, mail_id)
    sender_named(workspace_id, by, f"{mail.mailbox_id}:{mail.from_address}")
    _refuse_a_flood(workspace_id, by)
    mail.message_id, mail.dated_at = new_message_id(mail.from_address), timezone.now()
    check_letter(mail, by)
    mail.answers = mail.answers | {"provider_thread_id": _provider_thread(mail)}
    mail.save(update_fields=["message_id", "dated_at", "answers"])
    return _hold(mail)


@transaction.atomic
def take_back(workspace_id: uuid.UUID, *, by: Member, mail_id: uuid.UUID) -> OutgoingMail:
    """Make the held mail a draft again, and return it.

    Raises MailboxProblem where a worker has taken it already.
    """
    held = OutgoingMail.objects.filter(
        workspace_id=workspace_id, owner=by, id=mail_id, state=State.HELD, offered_at=None
    )
    if not held.update(state=State.DRAFT, send_at=None, error="", saved_at=Now()):
        _own(workspace_id, by, mail_id)
        raise MailboxProblem(_("It was too late: the mail is already on its way."))
    return _own(workspace_id, by, mail_id)


@transaction.atomic
def send_again(workspace_id: uuid.UUID, *, by: Member, mail_id: uuid.UUID) -> OutgoingMail:
    """Hold a mail anew that was not sent, or of which nobody knows, under the id that it has."""
    if not may(by, "log"):
        raise NotThere(_("Your role may not send mail."))
    mail = _locked(workspace_id, by, mail_id, State.FAILED, State.UNKNOWN)
    _refuse_if_taken(mail)
    sender_named(workspace_id, by, f"{mail.mailbox_id}:{mail.from_address}")
    _refuse_a_flood(workspace_id, by)
    if mail.state == State.UNKNOWN:
        audit.record(workspace_id, by, "mail sent again", mail)
    return _hold(mail)


@transaction.atomic
def give_up(workspace_id: uuid.UUID, *, by: Member, mail_id: uuid.UUID) -> OutgoingMail:
    """Make a mail of which nobody knows a draft again: its writer found out that it was not sent,
    or wants to change it."""
    mail = _locked(workspace_id, by, mail_id, State.UNKNOWN)
    _refuse_if_taken(mail)
    mail.state, mail.send_at, mail.offered_at, mail.error = State.DRAFT, None, None, ""
    mail.save(update_fields=["state", "send_at", "offered_at", "error"])
    return mail


@transaction.atomic
def confirm_sent(workspace_id: uuid.UUID, *, by: Member, mail_id: uuid.UUID) -> OutgoingMail:
    """The writer knows that it was sent: the worker records it without sending anything."""
    mail = _locked(workspace_id, by, mail_id, State.UNKNOWN)
    mail.send_at, mail.provider_ref = timezone.now(), mail.provider_ref or CONFIRMED
    mail.save(update_fields=["send_at", "provider_ref"])
    audit.record(workspace_id, by, "mail said to be sent", mail)
    return mail


def _refuse_if_taken(mail: OutgoingMail) -> None:
    """The mail service took it, so that sending it once more would certainly double it."""
    if mail.provider_ref:
        raise MailboxProblem(_("It was sent. Only recording it is left: press Record it."))


def _hold(mail: OutgoingMail) -> OutgoingMail:
    OutgoingMail.objects.filter(workspace_id=mail.workspace_id, id=mail.id).update(
        state=State.HELD,
        held_at=Now(),
        send_at=Now() + HOLD,
        attempts=0,
        leased_until=None,
        offered_at=None,
        provider_ref="",
        error="",
    )
    mail.refresh_from_db()
    return mail


def _refuse_a_flood(workspace_id: uuid.UUID, by: Member) -> None:
    since = Now() - timedelta(minutes=1)
    recent = OutgoingMail.objects.filter(
        ~Q(state=State.DRAFT), workspace_id=workspace_id, owner=by, held_at__gte=since
    )
    if recent.count() >= MOST_A_MINUTE:
        raise MailboxProblem(
            _("You sent %(count)s mails within a minute. Wait a moment; this one is a draft.")
            % {"count": MOST_A_MINUTE}
        )


def _provider_thread(mail: OutgoingMail) -> str:
    """The provider's thread of the mail that is answered, in the mailbox that answers it."""
    here = {"workspace_id": mail.workspace_id, "channel_id": mail.mailbox.channel_id}
    answers = mail.answers
    found: Sighting | PrivateMessage | None = None
    if answers.get("kind") not in {"reply", "all"}:
        return ""
    if answers.get("activity"):
        copies = Sighting.objects.filter(**here, message__activity__id=answers["activity"])
        found = copies.exclude(provider_thread_id="").first()
    elif answers.get("private"):
        found = PrivateMessage.objects.filter(**here, id=answers["private"]).first()
    return found.provider_thread_id if found else ""


def _own(workspace_id: uuid.UUID, by: Member, mail_id: uuid.UUID) -> OutgoingMail:
    mail = OutgoingMail.objects.filter(workspace_id=workspace_id, owner=by, id=mail_id).first()
    if mail is None:
        raise NotThere(_("This mail is not here."))
    return mail


def _locked(
    workspace_id: uuid.UUID, by: Member, mail_id: uuid.UUID, *states: OutgoingMail.State
) -> OutgoingMail:
    rows = OutgoingMail.objects.select_for_update(of=("self",)).select_related("mailbox")
    mail = rows.filter(workspace_id=workspace_id, owner=by, id=mail_id).first()
    if mail is None or mail.state not in states:
        raise NotThere(_("This mail has changed meanwhile. Reload the outbox."))
    return mail
