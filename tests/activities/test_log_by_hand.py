"""A mail of one's own mailbox that is logged by hand, whatever the rules said."""

from types import SimpleNamespace

import pytest

from accounts import tenancy
from activities.models import Activity, Assignment, PrivateMessage, TakenBack
from activities.problems import NotThere, RecordProblem
from activities.services.assign import Whom
from activities.services.entries import add_entry
from activities.services.log_by_hand import log_by_hand
from activities.services.redecide import redecide_thread
from activities.services.take_back import take_back
from activities.services.undo import undo
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.activities.test_pages import signed_in


@pytest.fixture
def private(inside: SimpleNamespace) -> PrivateMessage:
    """A mail of Ana's to somebody unknown."""
    inside.mailbox = make_channel(inside, inside.ana, inside.one)
    raw = write_mail("ana@ours.example", "z@nobody.example", subject="By hand")
    arrive(inside, a_copy(inside.mailbox, raw))
    return PrivateMessage.objects.get()


def test_its_owner_logs_it_on_a_company_and_the_engine_keeps_that(
    inside: SimpleNamespace, private: PrivateMessage
) -> None:
    client = signed_in(inside.ana)
    path = f"/w/ours/private/{private.id}/"
    assert "Nobody on it is a contact" in client.get(path).content.decode()
    form = {"whom": f"company:{inside.acme.id}", "projects": [inside.one.id]}
    assert client.post(path, form).status_code == 303
    mail = Activity.objects.get()
    assert (mail.state, mail.message.subject) == ("logged", "By hand")
    assert not PrivateMessage.objects.exists()
    redecide_thread(inside.id, mail.thread_id, inside.ana.id)
    assert Assignment.objects.get().company == inside.acme
    assert "By hand" in signed_in(inside.ben).get(f"/w/ours/activities/{mail.id}/").content.decode()


def test_undoing_it_makes_it_its_owners_alone_again(
    inside: SimpleNamespace, private: PrivateMessage
) -> None:
    change = log_by_hand(
        inside.id,
        by=inside.ana,
        private_id=private.id,
        whom=[Whom(company_id=inside.acme.id)],
        project_ids=[inside.one.id],
    )
    undo(inside.id, by=inside.ana, change_id=change.id)
    assert not Activity.objects.exists()
    assert PrivateMessage.objects.get().subject == "By hand"


def test_nobody_else_can_even_see_it(inside: SimpleNamespace, private: PrivateMessage) -> None:
    path = f"/w/ours/private/{private.id}/"
    assert signed_in(inside.ben).get(path).status_code == 404
    with tenancy.in_workspace(inside.id, inside.ben.id), pytest.raises(NotThere):
        log_by_hand(
            inside.id,
            by=inside.ben,
            private_id=private.id,
            whom=[Whom(company_id=inside.acme.id)],
            project_ids=[inside.one.id],
        )


def test_an_entry_that_one_may_not_edit_keeps_it_private(inside: SimpleNamespace) -> None:
    add_entry(inside.id, by=inside.ana, text="nobody.example", effect="ignore", for_workspace=True)
    with tenancy.in_workspace(inside.id, inside.ben.id):
        mailbox = make_channel(inside, inside.ben, inside.one)
        arrive(inside, a_copy(mailbox, write_mail("ben@ours.example", "z@nobody.example")))
        row = PrivateMessage.objects.get()
        with pytest.raises(RecordProblem, match="Only an admin"):
            log_by_hand(
                inside.id,
                by=inside.ben,
                private_id=row.id,
                whom=[Whom(company_id=inside.acme.id)],
                project_ids=[inside.one.id],
            )
        assert PrivateMessage.objects.exists()
    assert not Activity.objects.exists()


def test_v2_a_hand_brings_back_what_its_owner_took_back(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    arrive(inside, a_copy(mailbox, write_mail("jane@client.example", "ana@ours.example")))
    take_back(inside.id, by=inside.ana, activity_id=Activity.objects.get().id)
    log_by_hand(
        inside.id,
        by=inside.ana,
        private_id=PrivateMessage.objects.get().id,
        whom=[Whom(contact_id=inside.jane.id)],
        project_ids=[inside.one.id],
    )
    assert Activity.objects.get().state == "logged"
    assert not TakenBack.objects.exists()
