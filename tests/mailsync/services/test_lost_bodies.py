"""A body that is due when its copy is lost: it is given up, or comes by another copy."""

from types import SimpleNamespace

from accounts import tenancy
from activities.models import Message
from mailsync.services.fetch_bodies import fetch_bodies
from tests.mailsync.conftest import Account, connect, make_account, sync


def state_of_body(cast: SimpleNamespace) -> str:
    with tenancy.in_workspace(cast.id, cast.ana.id):
        return str(Message.objects.get().body_state)


def test_a_due_body_is_given_up_with_the_folder_that_held_it(
    ours: SimpleNamespace, account: Account
) -> None:
    account.client.create_folder("Customers")
    mailbox = connect(ours, ours.ana, account)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        mailbox.folders.filter(provider_id="Customers").update(selected=True)
    account.put(1, folder="Customers")
    sync(mailbox)
    assert state_of_body(ours) == "due"
    account.client.delete_folder("Customers")
    sync(mailbox)
    assert state_of_body(ours) == "gone"


def test_a_due_body_is_given_up_where_a_renumbered_folder_no_longer_has_it(
    ours: SimpleNamespace, account: Account
) -> None:
    account.put(1)
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    account.delete(1)
    account.renew_uidvalidity()
    sync(mailbox)
    assert state_of_body(ours) == "gone"


def test_a_due_body_comes_by_a_colleagues_copy(ours: SimpleNamespace, account: Account) -> None:
    bens = make_account(account.server, "ben-copy@ours.example")
    for one in (account, bens):
        one.put(1)
    mailbox, other = connect(ours, ours.ana, account), connect(ours, ours.ben, bens)
    sync(mailbox)
    sync(other)
    account.delete(1)
    account.renew_uidvalidity()
    sync(mailbox)
    assert state_of_body(ours) == "due"
    fetch_bodies(ours.id, channel_id=other.channel_id)
    assert state_of_body(ours) == "present"


def test_a_due_body_comes_from_a_folder_that_is_no_longer_chosen(
    ours: SimpleNamespace, account: Account
) -> None:
    from mailsync.services.choose_folders import choose_folders

    account.put(1, folder="Archive")
    mailbox = connect(ours, ours.ana, account)
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        inbox = mailbox.folders.get(provider_id="INBOX")
        choose_folders(ours.id, by=ours.ana, mailbox_id=mailbox.id, folder_ids=[inbox.id])
    sync(mailbox)
    fetch_bodies(ours.id, channel_id=mailbox.channel_id)
    assert state_of_body(ours) == "present"
