"""The other addresses of a mailbox are its owner's too, everywhere, and follow the provider.

A customer's address never becomes a member's: it stays in the list that the mailbox's page shows.
"""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from accounts import audit, tenancy
from accounts.models import Member, MemberAddress
from contacts.addresses import normalise_address
from contacts.services.note_changes import note_changes
from mailsync.models import Mailbox
from mailsync.providers.errors import ProviderError
from mailsync.services.open_provider import open_provider
from mailsync.services.others_addresses import whose_else

MOST_ALIASES = 200
_AGAIN = timedelta(hours=23)


def read_aliases(workspace_id: uuid.UUID, *, mailbox_id: uuid.UUID, owner_id: uuid.UUID) -> bool:
    """Ask the provider which addresses the mailbox has and keep them; True where that changed any.

    To be called outside a transaction. A provider that does not answer is asked again in an hour;
    what it said becomes a state of the mailbox only where its mail is read.
    """
    with tenancy.in_workspace(workspace_id, owner_id):
        rows = Mailbox.objects.filter(workspace_id=workspace_id, id=mailbox_id)
        mailbox = rows.select_related("channel__owner").first()
        if mailbox is None or not mailbox.is_read or mailbox.channel.owner is None:
            return False
    try:
        with open_provider(mailbox) as provider:
            aliases = provider.profile().aliases
    except ProviderError:
        with tenancy.in_workspace(workspace_id, owner_id):
            rows.update(aliases_at=Now() - _AGAIN)
        return False
    with tenancy.in_workspace(workspace_id, owner_id):
        locked = rows.select_for_update(of=("self",)).select_related("channel__owner").get()
        return keep_aliases(locked, aliases)


def keep_aliases(mailbox: Mailbox, named: Iterable[str]) -> bool:
    """Write the aliases down, in the caller's transaction; True where one came or went.

    One that no mailbox of the member has any more goes. Mail with an address that came or went is
    decided again (C1).
    """
    owner = mailbox.channel.owner
    if owner is None:
        return False
    found = {normalise_address(one) for one in list(named)[:MOST_ALIASES]} - {None, mailbox.address}
    mailbox.aliases, mailbox.aliases_at = sorted(one for one in found if one), timezone.now()
    mailbox.save(update_fields=["aliases", "aliases_at"])
    named_by_any = _named_by_any(owner)
    wanted = named_by_any - whose_else(owner, named_by_any).keys()
    rows = MemberAddress.objects.filter(
        workspace_id=owner.workspace_id, member=owner, origin=MemberAddress.Origin.ALIAS
    )
    before = set(rows.values_list("address", flat=True))
    came, went = sorted(wanted - before), sorted(before - wanted)
    if not came and not went:
        return False
    rows.filter(address__in=went).delete()
    MemberAddress.objects.bulk_create(
        MemberAddress(
            workspace_id=owner.workspace_id,
            member=owner,
            address=address,
            origin=MemberAddress.Origin.ALIAS,
            verified_at=mailbox.aliases_at,
        )
        for address in came
    )
    audit.record(
        owner.workspace_id,
        None,
        "mailbox aliases changed",
        mailbox,
        before={"aliases": went},
        after={"aliases": came},
    )
    note_changes(owner.workspace_id, by=None, addresses=[*came, *went])
    return True


def _named_by_any(owner: Member) -> set[str]:
    """What any mailbox of the member was last said to have, also one that was disconnected: mail
    of that time stays among us."""
    rows = Mailbox.objects.filter(workspace_id=owner.workspace_id, channel__owner=owner)
    return {one for aliases in rows.values_list("aliases", flat=True) for one in aliases}
