"""Connecting a mailbox: what is checked, what is written, what is refused."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from accounts import tenancy
from accounts.models import AuditEvent, MemberAddress
from mailsync.models import Folder, Mailbox
from mailsync.problems import MailboxProblem
from mailsync.services.connect_mailbox import Connection, connect_files, connect_mailbox
from tests.dovecot import PASSWORD
from tests.mailsync.conftest import Account, connect


def connection_of(account: Account) -> Connection:
    return Connection(
        address=account.user,
        host=account.server.host,
        port=account.server.port,
        security="none",
        username=account.user,
        password=PASSWORD,
    )


def test_a_mailbox_gets_its_channel_folders_and_address(
    ours: SimpleNamespace, account: Account
) -> None:
    mailbox = connect(ours, ours.ana, account, ours.one, ours.two)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        channel = mailbox.channel
        assert (channel.owner_id, channel.source) == (ours.ana.id, "sync")
        assert channel.channel_projects.count() == 2
        own = MemberAddress.objects.get(origin="mailbox", address=account.user)
        assert own.member_id == ours.ana.id
        assert own.verified_at is not None
        selected = Folder.objects.filter(mailbox=mailbox, selected=True)
        assert set(selected.values_list("provider_id", flat=True)) == {"INBOX", "Sent", "Archive"}
        assert AuditEvent.objects.filter(verb="mailbox connected").count() == 1


def test_the_password_is_sealed_for_its_row(ours: SimpleNamespace, account: Account) -> None:
    mailbox = connect(ours, ours.ana, account)
    sealed = bytes(mailbox.sealed_password or b"")
    assert PASSWORD.encode() not in sealed
    with tenancy.in_workspace(ours.id):
        audited = str(list(AuditEvent.objects.values_list("after", flat=True)))
    assert PASSWORD not in audited + repr(connection_of(account))


def test_a_wrong_password_writes_nothing(ours: SimpleNamespace, account: Account) -> None:
    wrong = replace(connection_of(account), password="wrong")
    with pytest.raises(MailboxProblem, match="does not accept") as caught:
        connect_mailbox(ours.id, by=ours.ana, connection=wrong, project_ids=[ours.one.id])
    assert caught.value.field == "password"
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert not Mailbox.objects.exists()


def test_a_server_that_does_not_answer_is_told_without_a_promise(
    ours: SimpleNamespace, account: Account
) -> None:
    wrong = replace(connection_of(account), port=1)
    with pytest.raises(MailboxProblem, match="Check its name and port") as problem:
        connect_mailbox(ours.id, by=ours.ana, connection=wrong, project_ids=[])
    assert problem.value.field == "host"
    assert "by itself" not in problem.value.sentence


def test_the_same_mailbox_is_connected_once_a_member(
    ours: SimpleNamespace, account: Account
) -> None:
    connect(ours, ours.ana, account)
    with pytest.raises(MailboxProblem, match="already"):
        connect(ours, ours.ana, account)


@pytest.mark.parametrize("address", ["jane@client.example", "new@acme.example"])
def test_a_customers_address_is_no_members_mailbox(
    ours: SimpleNamespace, account: Account, address: str
) -> None:
    typed = replace(connection_of(account), address=address)
    with pytest.raises(MailboxProblem, match="customer"):
        connect_mailbox(ours.id, by=ours.ana, connection=typed, project_ids=[ours.one.id])


def test_another_members_address_is_not_mine(ours: SimpleNamespace, account: Account) -> None:
    typed = replace(connection_of(account), address="ben@ours.example")
    with pytest.raises(MailboxProblem, match="another member"):
        connect_mailbox(ours.id, by=ours.ana, connection=typed, project_ids=[ours.one.id])


def test_a_project_of_another_workspace_is_refused(
    ours: SimpleNamespace, rival: SimpleNamespace, account: Account
) -> None:
    with pytest.raises(MailboxProblem, match="project"):
        connect(ours, ours.ana, account, rival.one)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert not Mailbox.objects.exists()


def test_files_prove_no_address(ours: SimpleNamespace) -> None:
    connect_files(ours.id, by=ours.ana, address="old@elsewhere.example", project_ids=[ours.one.id])
    connect_files(ours.id, by=ours.ana, address="ana@ours.example", project_ids=[ours.one.id])
    with tenancy.in_workspace(ours.id):
        rows = MemberAddress.objects.filter(origin="mailbox")
        proven = {row.address: row.verified_at is not None for row in rows}
    assert proven == {"old@elsewhere.example": False, "ana@ours.example": True}
