"""Aliases of a mailbox are its owner's addresses everywhere, unless they are somebody else's."""

from types import SimpleNamespace

from accounts import tenancy
from accounts.models import MemberAddress
from contacts.models import DirectoryChange
from mailsync.models import Mailbox
from mailsync.services.aliases import keep_aliases
from tests.activities.mailing import a_copy, arrive, make_channel
from tests.mailsync.granted import make_vendor_mailbox


def keep(cast: SimpleNamespace, mailbox: Mailbox, *aliases: str) -> list[str]:
    """Keep them; the alias rows of Ana afterwards."""
    with tenancy.in_workspace(cast.id, cast.ana.id):
        keep_aliases(Mailbox.objects.select_related("channel__owner").get(id=mailbox.id), aliases)
        rows = MemberAddress.objects.filter(origin="alias", member=cast.ana)
        assert not rows.filter(verified_at=None).exists()
        return sorted(rows.values_list("address", flat=True))


def changed(cast: SimpleNamespace) -> list[str]:
    with tenancy.in_workspace(cast.id):
        rows = DirectoryChange.objects.filter(kind="address").order_by("id")
        return list(rows.values_list("value", flat=True))


def test_aliases_come_and_go_with_the_provider(ours: SimpleNamespace) -> None:
    mailbox = make_vendor_mailbox(ours, ours.ana)
    assert keep(ours, mailbox, "Sales@Extra.example", "ana@ours.example", "nonsense") == [
        "sales@extra.example"
    ]
    assert changed(ours) == ["sales@extra.example"]
    assert keep(ours, mailbox, "help@extra.example") == ["help@extra.example"]
    assert sorted(changed(ours)) == ["help@extra.example", *["sales@extra.example"] * 2]
    assert keep(ours, mailbox, "help@extra.example") == ["help@extra.example"]
    assert len(changed(ours)) == 3


def test_a_customers_and_a_colleagues_address_never_become_ones_own(ours: SimpleNamespace) -> None:
    mailbox = make_vendor_mailbox(ours, ours.ana)
    theirs = ["jane@client.example", "new@acme.example", "ben@ours.example"]
    assert keep(ours, mailbox, *theirs) == []
    with tenancy.in_workspace(ours.id):
        assert Mailbox.objects.get().aliases == sorted(theirs)


def test_what_another_mailbox_still_has_stays(ours: SimpleNamespace) -> None:
    first = make_vendor_mailbox(ours, ours.ana)
    second = make_vendor_mailbox(ours, ours.ana, account_id="another")
    keep(ours, first, "both@extra.example")
    keep(ours, second, "both@extra.example")
    assert keep(ours, first) == ["both@extra.example"]
    assert keep(ours, second) == []


def test_a_mail_from_an_alias_to_a_colleague_is_internal(ours: SimpleNamespace) -> None:
    mailbox = make_vendor_mailbox(ours, ours.ana)
    keep(ours, mailbox, "sales@extra.example")
    with tenancy.in_workspace(ours.id, ours.ben.id):
        bens = make_channel(ours, ours.ben, ours.one)
    raw = b"From: sales@extra.example\r\nTo: ben@ours.example\r\nSubject: Hello\r\n\r\n"
    (result,) = arrive(ours, a_copy(bens, raw))
    assert (result.outcome, result.rule) == ("not_logged", "R4")
