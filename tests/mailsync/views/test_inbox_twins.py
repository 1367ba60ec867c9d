"""A mail that one copy put on record and another left private is one mail to its reader (R12)."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from activities.models import Activity, Channel, PrivateMessage, Sighting
from mailsync.models import Mailbox
from tests.activities.mailing import a_copy, arrive, make_channel
from tests.mailsync.conftest import Account, connect, sync
from tests.mailsync.mail import make_mail
from tests.mailsync.sending import office, submission
from tests.mailsync.views.test_compose import deliver, post
from tests.mailsync.views.test_inbox import lines
from tests.mailsync.views.test_pages import STRANGER, browser, url

__all__ = ["office", "submission"]

pytestmark = pytest.mark.django_db(transaction=True)
ALONE = "Only you see this email"
TO_NOBODY = {"from": "Ana <ana@ours.example>", "to": "z@nobody.example"}


@pytest.fixture
def mailbox(ours: SimpleNamespace, account: Account) -> Mailbox:
    return connect(ours, ours.ana, account, ours.one, ours.two)


def opened(cast: SimpleNamespace, path: str) -> Any:
    answer = browser(cast).get(url(path))
    assert answer.status_code == 200
    return answer


def kept_by_bcc(cast: SimpleNamespace, *numbers: int) -> None:
    """Mail of Ana's to nobody known, with a BCC to the address of project One."""
    with tenancy.in_workspace(cast.id, cast.ana.id):
        address = make_channel(cast, None, cast.one, source="bcc")
    for number in numbers:
        arrive(cast, a_copy(address, make_mail(number, **TO_NOBODY), sender=cast.ana))


def private_of(cast: SimpleNamespace) -> PrivateMessage:
    with tenancy.in_workspace(cast.id, cast.ana.id):
        return PrivateMessage.objects.select_related("thread").get()


def test_what_was_sent_from_here_to_nobody_known_is_one_mail_that_is_kept(
    office: SimpleNamespace,
) -> None:
    post(office, to="z@nobody.example")
    deliver(office)
    sync(office.mailbox)
    private = private_of(office)
    (line,) = lines(office.browser, "?folder=all")
    assert (line.state, line.label, line.count) == ("kept", "", 1)
    assert line.reason.startswith("Kept as unassigned.")
    for path in (f"inbox/{private.id}/", f"inbox/threads/{private.thread_id}/"):
        answer = opened(office, path)
        (item,) = answer.context["thread"].items
        assert (item.state, item.private_id) == ("unassigned", None)
        assert ALONE not in answer.content.decode()


def test_mail_with_a_bcc_to_a_project_is_one_mail_that_is_kept(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1, folder="Sent", **TO_NOBODY)
    kept_by_bcc(ours, 1)
    sync(mailbox)
    private = private_of(ours)
    (line,) = lines(browser(ours), "?folder=all")
    assert (line.state, line.reason[:19]) == ("kept", "Kept as unassigned.")
    answer = opened(ours, f"inbox/{private.id}/")
    (item,) = answer.context["thread"].items
    assert (item.state, item.private_id) == ("unassigned", None)
    assert ALONE not in answer.content.decode()


def test_a_reader_who_sees_nothing_of_the_other_copy_is_alone_with_theirs(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1, **{"from": STRANGER})
    with tenancy.in_workspace(ours.id, ours.ben.id):
        address = make_channel(ours, None, ours.one, source="bcc")
    arrive(ours, a_copy(address, make_mail(1, **{"from": STRANGER}), sender=ours.ben))
    with tenancy.in_workspace(ours.id):
        type(ours.one).objects.update(open_to_all=False)
        type(ours.ana).objects.filter(id=ours.ana.id).update(role="member")
    sync(mailbox)
    (line,) = lines(browser(ours), "?folder=all")
    assert line.state == "only"
    answer = opened(ours, f"inbox/{private_of(ours).id}/")
    (item,) = answer.context["thread"].items
    assert item.private_id
    assert ALONE in answer.content.decode()


def test_a_mail_whose_text_others_do_not_share_is_still_read_from_ones_own_copy(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1, **{"from": STRANGER})
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ben.id):
        address = make_channel(ours, None, ours.one, source="bcc")
    arrive(ours, a_copy(address, make_mail(1, **{"from": STRANGER}), sender=ours.ben))
    with tenancy.in_workspace(ours.id):
        assert not Sighting.objects.filter(owner=ours.ana).exists()
        Activity.objects.update(sharing=Channel.Sharing.METADATA)
    private = private_of(ours)
    answer = opened(ours, f"inbox/{private.id}/")
    page = answer.content.decode()
    assert {item.state for item in answer.context["thread"].items} == {"unassigned", "not_logged"}
    assert f"inbox/{private.id}/body/" in page
    assert "This is your own copy." in page
    assert ALONE not in page


def test_a_copy_that_cannot_be_compared_does_not_say_that_it_is_kept_nowhere(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1, folder="Sent", **TO_NOBODY)
    kept_by_bcc(ours, 1)
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        PrivateMessage.objects.update(fingerprint=None)
    answer = opened(ours, f"inbox/{private_of(ours).id}/")
    assert len(answer.context["thread"].items) == 2
    assert ALONE not in answer.content.decode()


def test_the_number_of_questions_does_not_grow_with_the_mail_that_is_on_record(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    counts = []
    for numbers in (range(1, 3), range(3, 12)):
        account.put(*numbers, folder="Sent", in_reply_to="<mail-1@client.example>", **TO_NOBODY)
        account.put(*(one + 100 for one in numbers), folder="Sent", **TO_NOBODY)
        kept_by_bcc(ours, *numbers, *(one + 100 for one in numbers))
        sync(mailbox)
        line = lines(browser(ours), "?folder=all")[-1]
        for path in ("inbox/?folder=all", f"inbox/threads/{line.root_id}/"):
            client = browser(ours)
            client.get(url(path))
            with CaptureQueriesContext(connection) as asked:
                client.get(url(path))
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
