"""When the world changes, mail that was seen before is decided again (C1)."""

from types import SimpleNamespace

from accounts import tenancy
from activities.models import (
    Activity,
    Assignment,
    Entry,
    PendingParticipant,
    PrivateMessage,
    Sighting,
    ThreadChoice,
)
from activities.selectors.visible import sight_of
from activities.selectors.why import scrubbed, why_of
from activities.services.redecide import due_changes, redecide_thread, work_off_change
from contacts.models import DirectoryChange, Profile
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.conftest import make_company


def change(cast: SimpleNamespace, kind: str, value: str = "") -> None:
    """Write a change row and work it off, as the task does."""
    row = DirectoryChange.objects.create(workspace_id=cast.id, kind=kind, value=value)
    assert row.id in due_changes(cast.id)
    assert work_off_change(cast.id, row.id)


def test_s28_a_new_companys_domain_logs_earlier_private_mail(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    arrive(inside, a_copy(mailbox, write_mail("z@new.example", "ana@ours.example")))
    make_company(inside, "New", "new.example", inside.one)
    change(inside, "domain", "new.example")
    assignment = Assignment.objects.get()
    assert assignment.contact.addresses.get().address == "z@new.example"
    assert not PrivateMessage.objects.exists()


def test_a_mailbox_that_does_not_look_back_keeps_its_mail_private(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one, looks_back=False)
    arrive(inside, a_copy(mailbox, write_mail("z@new.example", "ana@ours.example")))
    make_company(inside, "New", "new.example", inside.one)
    change(inside, "domain", "new.example")
    assert PrivateMessage.objects.exists()
    assert not Activity.objects.exists()


def test_a_change_does_not_touch_mail_without_that_participant(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    arrive(inside, a_copy(mailbox, write_mail("z@other.example", "ana@ours.example")))
    make_company(inside, "Other", "other.example", inside.one)
    change(inside, "domain", "new.example")
    assert PrivateMessage.objects.get().rule == "R9"


def test_what_bcc_left_unassigned_is_assigned_after_the_change(inside: SimpleNamespace) -> None:
    inbound = make_channel(inside, None, inside.one, source="bcc")
    raw = write_mail("ana@ours.example", "z@new.example")
    arrive(inside, a_copy(inbound, raw, sender=inside.ana))
    make_company(inside, "New", "new.example", inside.one)
    change(inside, "domain", "new.example")
    assert Activity.objects.get().state == "logged"


def test_s37_a_second_profile_leaves_the_old_mail_and_makes_the_new_one_wait(
    inside: SimpleNamespace,
) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one, inside.two)
    arrive(inside, a_copy(mailbox, write_mail("ana@ours.example", "jane@client.example")))
    Profile.objects.create(workspace_id=inside.id, contact=inside.jane, project=inside.two)
    change(inside, "address", "jane@client.example")
    assert Assignment.objects.get().project == inside.one
    arrive(inside, a_copy(mailbox, write_mail("ana@ours.example", "jane@client.example")))
    assert PendingParticipant.objects.get().contact == inside.jane


def test_s6_a_thread_added_to_a_project_is_logged_there_and_so_is_what_follows(
    inside: SimpleNamespace,
) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one, inside.two)
    first = write_mail("ana@ours.example", "mia@client.example", message_id="<q@ours.example>")
    arrive(inside, a_copy(mailbox, first))
    thread = PrivateMessage.objects.get().thread
    ThreadChoice.objects.create(
        workspace_id=inside.id, thread=thread, project=inside.one, member=inside.ana, added=True
    )
    redecide_thread(inside.id, thread.root_id, inside.ana.id)
    assert Assignment.objects.get().project == inside.one
    assert not PendingParticipant.objects.exists()
    answer = write_mail("mia@client.example", "ana@ours.example", in_reply_to="<q@ours.example>")
    arrive(inside, a_copy(mailbox, answer))
    assert Assignment.objects.filter(project=inside.one).count() == 2


def test_a_repeated_re_decision_changes_nothing(inside: SimpleNamespace) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    arrive(inside, a_copy(mailbox, write_mail("ana@ours.example", "jane@client.example")))
    before = list(Assignment.objects.values())
    change(inside, "everything")
    change(inside, "everything")
    assert list(Assignment.objects.values()) == before


def test_a_colleagues_private_copy_is_decided_again_for_its_owner_only(
    inside: SimpleNamespace,
) -> None:
    mailbox = make_channel(inside, inside.ben, inside.one)
    arrive(inside, a_copy(mailbox, write_mail("z@new.example", "ben@ours.example")))
    make_company(inside, "New", "new.example", inside.one)
    change(inside, "domain", "new.example")
    assert Activity.objects.get().state == "logged"
    with tenancy.in_workspace(inside.id, inside.ben.id):
        assert not PrivateMessage.objects.exists()


def test_a_copy_that_waits_is_settled_once_a_colleagues_copy_of_the_mail_is_recorded(
    inside: SimpleNamespace,
) -> None:
    raw = write_mail("mia@client.example", "ana@ours.example", cc="ben@ours.example")
    arrive(inside, a_copy(make_channel(inside, inside.ana, inside.one, inside.two), raw))
    assert PendingParticipant.objects.exists()
    arrive(inside, a_copy(make_channel(inside, inside.ben, inside.one), raw))
    (waiting,) = due_changes(inside.id)
    work_off_change(inside.id, waiting)
    assert not PendingParticipant.objects.exists()
    assert {one.owner for one in Sighting.objects.all()} == {inside.ana, inside.ben}
    assert Assignment.objects.get().project == inside.one


def test_a_row_that_cannot_be_decided_again_does_not_hold_its_neighbours_up(
    inside: SimpleNamespace,
) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    for number in range(5):
        arrive(inside, a_copy(mailbox, write_mail(f"z{number}@new.example", "ana@ours.example")))
    broken = PrivateMessage.objects.order_by("id")[2]
    PrivateMessage.objects.filter(id=broken.id).update(headers={"participants": "none"})
    make_company(inside, "New", "new.example", inside.one)
    change(inside, "domain", "new.example")
    assert [row.id for row in PrivateMessage.objects.all()] == [broken.id]
    assert Activity.objects.filter(state="logged").count() == 4


def test_another_members_own_entry_does_not_show_whom_it_names(inside: SimpleNamespace) -> None:
    Entry.objects.create(
        workspace_id=inside.id,
        member=inside.ben,
        effect="ignore",
        kind="address",
        value="z@new.example",
    )
    inbound = make_channel(inside, None, inside.one, source="bcc")
    raw = write_mail("ben@ours.example", "z@new.example", cc="y@other.example")
    arrive(inside, a_copy(inbound, raw, sender=inside.ben))
    copy = Sighting.objects.select_related("owner").get()
    told = {
        member.name: {
            *(one.kind for one in why_of(sight_of(inside.id, member), [copy])[0].people),
            *(
                one["kind"]
                for one in scrubbed(sight_of(inside.id, member), copy.decision)["participants"]
            ),
        }
        for member in (inside.ana, inside.ben)
    }
    assert "ignored" in told["Ben"]
    assert "ignored" not in told["Ana"]
