"""Fills a workspace by the product's own services, with one word in everything that people read."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from accounts import tenancy
from accounts.api_keys import make_key
from accounts.models import Member, MemberAddress, Role
from accounts.services.addresses import claim_address
from accounts.services.invitations import invite
from accounts.services.members import deactivate
from accounts.tokens import digest
from activities.mail.forward import Forward, Original, Sureness
from activities.mail.mime import parse
from activities.models import Activity, Channel, PrivateMessage
from activities.services.assign import Whom
from activities.services.dismiss import dismiss
from activities.services.entries import add_entry
from activities.services.log_note import log_note
from bcc_inbound.models import Delivery, TrustedSender
from bcc_inbound.selectors import find_route
from bcc_inbound.services.process_deliveries import process_deliveries
from bcc_inbound.services.store_delivery import store_delivery
from contacts.models import InternalDomain, Profile, ProjectMember, PublicMailDomain
from mailsync.models import (
    CallPlace,
    Farewell,
    Folder,
    Mailbox,
    OutgoingFile,
    OutgoingMail,
    Quarantine,
    Spending,
    Subscription,
    Visit,
)
from mailsync.services import hints
from tests.activities.mailing import a_copy, arrive, make_channel
from tests.bcc_inbound.conftest import a_mail, give_addresses
from tests.conftest import make_member

ROLES = {"ada": Role.ADMIN, "vic": Role.VIEWER, "cut": Role.MEMBER, "max": Role.MEMBER}


def inhabit(cast: SimpleNamespace, word: str) -> dict[str, str]:
    """Put people, mail and settings into the workspace; returns what fills its addresses.

    Ada is an admin, Vic a viewer, Cut a member whom project One does not name, Max has left.
    The mails of the record stand in project One. The keys are the nouns of `doors.key_of`.
    """
    with tenancy.in_workspace(cast.id, cast.ana.id):
        for name, role in ROLES.items():
            setattr(cast, name, make_member(cast, name, role))
        _close_project_one(cast)
    give_addresses(cast)
    with tenancy.in_workspace(cast.id, cast.ana.id):
        _name_everything(cast, word)
    places = {"slug": cast.slug, "position": "0", "mailed key": "no-such-key", "uidb36": "1z"}
    places |= {"provider": "raw", "secret": "no-such"}
    places |= _mail(cast, word) | _deliveries(cast, word)
    with tenancy.in_workspace(cast.id, cast.ana.id):
        places |= _settings(cast, word) | _people(cast, word) | _mailbox(cast, word)
        places |= {
            "contact": str(cast.jane.id),
            "company": str(cast.acme.id),
            "project": str(cast.one.id),
            "profile": str(Profile.objects.get(contact=cast.jane).id),
            "domain": "acme.example",
            "address": "jane@client.example",
        }
    return places


def _close_project_one(cast: SimpleNamespace) -> None:
    cast.one.open_to_all = False
    cast.one.save(update_fields=["open_to_all"])
    for member in (cast.ana, cast.ben, cast.ada, cast.vic):
        ProjectMember.objects.create(workspace_id=cast.id, project=cast.one, member=member)


def _name_everything(cast: SimpleNamespace, word: str) -> None:
    cast.workspace.name = f"{cast.slug} {word}"
    cast.workspace.save()
    for row in (cast.one, cast.two, cast.acme, cast.jane, cast.omar, cast.mia, cast.ana, cast.ben):
        row.name = f"{row.name} {word}"
        row.save(update_fields=["name"])


def write(cast: SimpleNamespace, word: str, sender: str, to: str) -> bytes:
    """One mail that carries the word in subject, text, a name and the name of a file."""
    mail = a_mail(sender, f'"{word} to" <{to}>', subject=f"About {word}", text=f"Text {word}.")
    mail["Cc"] = f'"Cc {word}" <{word}@{cast.domain}>'
    mail.add_attachment(word.encode(), maintype="text", subtype="csv", filename=f"{word}.csv")
    return mail.as_bytes()


def _mail(cast: SimpleNamespace, word: str) -> dict[str, str]:
    ana, ben = f"ana@{cast.domain}", f"ben@{cast.domain}"
    with tenancy.in_workspace(cast.id, cast.ana.id):
        cast.mailbox = make_channel(cast, cast.ana, cast.one, cast.two)
        both = make_channel(cast, cast.ben, cast.one, cast.two)
        inbound = Channel.objects.get(inbound_address__project=cast.one)
    logged = write(cast, word, "jane@client.example", ana)
    (record,) = arrive(
        cast, _whole(a_copy(cast.mailbox, logged), logged), _new_contact(cast, word)
    )[:1]
    (alone,) = arrive(cast, a_copy(cast.mailbox, write(cast, word, "x@nobody.example", ana)))
    arrive(cast, a_copy(both, write(cast, word, "mia@client.example", ben)))
    waiting, gone = (
        a_copy(
            inbound,
            write(cast, word, ana, f"{word}@nobody.example"),
            sender=cast.ana,
            forward=_forward(cast, word),
        )
        for _ in range(2)
    )
    _unassigned, dismissed = arrive(cast, waiting, gone)
    assert record.outcome == "logged"
    with tenancy.in_workspace(cast.id, cast.ana.id):
        change = dismiss(cast.id, by=cast.ana, activity_ids=[dismissed.activity_id])  # type: ignore[list-item]
        _note(cast, word)
        activity = Activity.objects.get(id=record.activity_id)
        assert PrivateMessage.objects.filter(id=alone.private_id).exists()
        return {
            "activity": str(activity.id),
            "assignment": str(activity.assignments.get().id),
            "thread": str(activity.thread_id),
            "change": str(change.id),
            "private message": str(alone.private_id),
        }


def _forward(cast: SimpleNamespace, word: str) -> Forward:
    """What a mail says of the one that it forwards; its sender is nobody's contact."""
    original = Original(
        sender=f"{word}@wrote.example",
        name=f"Writer {word}",
        to=(f"{word}@{cast.domain}",),
        subject=f"Forwarded {word}",
        sureness=Sureness.SURE,
    )
    return Forward((original,))


def _whole(copy: Any, raw: bytes) -> Any:
    """The copy with its body, as an import or a fetch brings it."""
    return replace(copy, body=parse(raw)[1], raw=raw)


def _new_contact(cast: SimpleNamespace, word: str) -> Any:
    raw = write(cast, word, f"{word}@acme.example", f"ana@{cast.domain}")
    return a_copy(cast.mailbox, raw)


def _note(cast: SimpleNamespace, word: str) -> None:
    log_note(
        cast.id,
        by=cast.ana,
        kind="note",
        title=f"Note {word}",
        text=f"Called about {word}.",
        occurred_at=timezone.now(),
        whom=[Whom(contact_id=cast.jane.id)],
        project_ids=[cast.one.id],
    )


def _deliveries(cast: SimpleNamespace, word: str) -> dict[str, str]:
    """A held mail, and one that needs attention."""
    route = find_route(cast.to_one)
    assert route is not None
    for sender in (f"{word}@stranger.example", f"{word}@other.example"):
        raw = write(cast, word, sender, f"{word}@nobody.example")
        store_delivery(route, raw=raw, envelope_sender=sender, peer="127.0.0.1", trusted_peer=True)
    with tenancy.in_workspace(cast.id):
        # The claim asks for what was due when its transaction began, and the test may be one.
        Delivery.objects.update(due_at=timezone.now() - timedelta(hours=1))
    process_deliveries(cast.id)
    with tenancy.in_workspace(cast.id):
        held, attention = Delivery.objects.filter(state=Delivery.State.HELD).order_by("id")
        attention.state, attention.error = Delivery.State.ATTENTION, f"Broken {word}."
        attention.save(update_fields=["state", "error"])
        trusted = TrustedSender.objects.create(
            workspace_id=cast.id,
            inbound_address=held.inbound_address,
            address=f"{word}@trusted.example",
            trusted_by=cast.ana,
        )
    return {
        "trusted sender": str(trusted.id),
        "held": str(held.id),
        "attention": str(attention.id),
        "inbound address": str(cast.addresses["One"].id),
    }


def _settings(cast: SimpleNamespace, word: str) -> dict[str, str]:
    entry = add_entry(
        cast.id, by=cast.ana, text=f"{word}.example", effect="ignore", for_workspace=True
    )
    internal = InternalDomain.objects.create(workspace_id=cast.id, domain=f"{word}.internal")
    public = PublicMailDomain.objects.create(workspace_id=cast.id, domain=f"{word}.public")
    return {
        "entry": str(entry.id),
        "internal domain": str(internal.id),
        "public domain": str(public.id),
    }


def _people(cast: SimpleNamespace, word: str) -> dict[str, str]:
    extra, proof = claim_address(cast.id, cast.ana, address=f"{word}@extra.example")
    invited, _token = invite(cast.id, cast.ana, email=f"{word}@invited.example", role="member")
    deactivate(cast.id, cast.ana, member_id=cast.max.id)
    former = MemberAddress.objects.get(member=cast.max)
    released = MemberAddress.objects.create(
        workspace_id=cast.id,
        member=cast.max,
        address=f"{word}@former.example",
        origin=MemberAddress.Origin.EXTRA,
        verified_at=timezone.now(),
        released_at=timezone.now(),
    )
    key, _text = make_key(cast.id, cast.ana, name=f"Key {word}", scopes=["read"])
    return {
        "member": str(cast.ben.id),
        "invitation": str(invited.id),
        "token": proof,
        "extra address": str(extra.id),
        "former address": str(former.id),
        "released address": str(released.id),
        "key": str(key.id),
    }


def _mailbox(cast: SimpleNamespace, word: str) -> dict[str, str]:
    """Ana's mailbox, whose server does not answer."""
    mailbox = Mailbox.objects.create(
        workspace_id=cast.id,
        channel=cast.mailbox,
        provider=Mailbox.Provider.IMAP,
        address=f"ana@{cast.domain}",
        host="127.0.0.1",
        port=1,
        security="none",
        username=word,
        state=Mailbox.State.LIVE,
        state_detail=f"Detail {word}",
    )
    folder = Folder.objects.create(
        workspace_id=cast.id,
        mailbox=mailbox,
        provider_id=word,
        name=f"Folder {word}",
        selected=True,
    )
    Quarantine.objects.create(
        workspace_id=cast.id, mailbox=mailbox, provider_id=word, error=f"Broken {word}."
    )
    Subscription.objects.create(workspace_id=cast.id, mailbox=mailbox, provider_id=word)
    Spending.objects.create(workspace_id=cast.id, mailbox=mailbox, spent={"1": 5})
    hints.note(cast.id, [mailbox.id])
    CallPlace.objects.create(workspace_id=cast.id, mailbox=mailbox, number=1)
    Farewell.objects.create(
        workspace_id=cast.id, mailbox=mailbox, sealed_grant=b"sealed", watch_id=word
    )
    Visit.objects.create(
        workspace_id=cast.id,
        member=cast.ana,
        mailbox=mailbox,
        provider=Mailbox.Provider.GMAIL,
        state_hash=digest(word),
        browser_hash=digest(word),
        sealed_kept=b"sealed",
        expires_at=timezone.now() + timedelta(minutes=10),
    )
    return {"mailbox": str(mailbox.id), "folder": str(folder.id)} | _outgoing(cast, word, mailbox)


def _outgoing(cast: SimpleNamespace, word: str, mailbox: Mailbox) -> dict[str, str]:
    """A draft of Ana's with a file."""
    mail = OutgoingMail.objects.create(
        workspace_id=cast.id,
        owner=cast.ana,
        mailbox=mailbox,
        from_address=mailbox.address,
        to=f"{word}@nobody.example",
        subject=f"Draft {word}",
        text=f"Text {word}.",
        error=f"Broken {word}.",
    )
    OutgoingFile.objects.create(
        workspace_id=cast.id,
        owner=cast.ana,
        mail=mail,
        name=f"{word}.csv",
        content_type="text/csv",
        size=len(word),
        sha256=word,
        content=word.encode(),
    )
    return {"mail": str(mail.id)}


def key_text(cast: SimpleNamespace, member: Member, *scopes: str) -> str:
    """An API key of the member, as it is shown once."""
    with tenancy.in_workspace(cast.id, member.id):
        return make_key(cast.id, member, name="crawl", scopes=scopes or ("read", "write"))[1]
