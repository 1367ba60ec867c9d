"""What is kept of mail that an entry blocks: a count, a line, and nothing of the mail (R3)."""

from types import SimpleNamespace

from activities.models import BlockedMail, Entry, Message, PrivateMessage
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail


def an_entry(cast: SimpleNamespace, effect: str) -> Entry:
    return Entry.objects.create(
        workspace_id=cast.id, effect=effect, kind="domain", value="lawyer.example"
    )


def test_a_blocked_mail_is_counted_once_at_its_entry_however_often_it_is_read(
    inside: SimpleNamespace,
) -> None:
    entry = an_entry(inside, "block")
    mailbox = make_channel(inside, inside.ana, inside.one)
    copies = [a_copy(mailbox, write_mail("x@lawyer.example", "ana@ours.example")) for _ in range(3)]
    arrive(inside, *copies[:2])
    arrive(inside, *copies)
    entry.refresh_from_db()
    assert (entry.hits, BlockedMail.objects.count()) == (3, 3)
    assert entry.last_hit_at is not None
    assert not Message.objects.exists()
    assert not PrivateMessage.objects.exists()


def test_an_ignored_mail_is_counted_once_too(inside: SimpleNamespace) -> None:
    entry = an_entry(inside, "ignore")
    mailbox = make_channel(inside, inside.ana, inside.one)
    copy = a_copy(mailbox, write_mail("x@lawyer.example", "ana@ours.example"))
    arrive(inside, copy)
    arrive(inside, copy)
    entry.refresh_from_db()
    assert (entry.hits, BlockedMail.objects.count()) == (1, 0)
