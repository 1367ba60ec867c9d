"""Contacts, their addresses and their profiles."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts import tenancy
from accounts.models import AuditEvent, Member
from activities.models import (
    Activity,
    Assignment,
    Channel,
    PendingParticipant,
    PrivateMessage,
    Thread,
)
from contacts.directory import erasure_hash
from contacts.models import Contact, ContactAddress, ErasedAddress, Profile
from contacts.problems import AddressErased, AddressTaken, DirectoryProblem, NotThere
from contacts.services.contact_addresses import add_contact_address, remove_contact_address
from contacts.services.create_contact import create_contact
from contacts.services.delete_contact import delete_contact
from contacts.services.edit_contact import edit_contact
from contacts.services.merge_contacts import merge_contacts
from contacts.services.profiles import give_profile, take_profile
from tests.contacts.asking import noted


def record_on(inside: SimpleNamespace, *contacts: Contact) -> Activity:
    activity = Activity.objects.create(
        workspace_id=inside.id,
        kind=Activity.Kind.NOTE,
        state=Activity.State.LOGGED,
        occurred_at=timezone.now(),
    )
    for contact in contacts:
        Assignment.objects.create(
            workspace_id=inside.id,
            activity=activity,
            project=inside.one,
            contact=contact,
            interaction_type="Note",
            occurred_at=activity.occurred_at,
        )
    return activity


def test_a_contact_is_made_with_addresses_company_and_profiles(inside: SimpleNamespace) -> None:
    made = create_contact(
        inside.id,
        by=inside.ana,
        name="Zoe",
        addresses=["Zoe@Acme.Example", "zoe@home.example"],
        company_id=inside.acme.id,
        project_ids=[inside.one.id],
    )
    assert made.company == inside.acme
    assert made.profiles_chosen
    assert set(made.addresses.values_list("address", flat=True)) == {
        "zoe@acme.example",
        "zoe@home.example",
    }
    assert noted() == [("address", "zoe@acme.example"), ("address", "zoe@home.example")]


def test_a_contact_without_a_project_leaves_it_open_where_it_belongs(
    inside: SimpleNamespace,
) -> None:
    assert not create_contact(inside.id, by=inside.ana, name="Zoe").profiles_chosen


def test_a_contact_needs_a_name_or_an_address(inside: SimpleNamespace) -> None:
    with pytest.raises(DirectoryProblem, match="Enter a name or an address"):
        create_contact(inside.id, by=inside.ana, name=" ")


@pytest.mark.parametrize("address", ["zoe", "zoe@acme", "zoe@@acme.example", "zoe@acme..example"])
def test_a_malformed_address_is_refused_and_repeated(inside: SimpleNamespace, address: str) -> None:
    with pytest.raises(DirectoryProblem, match="is not an email address") as refused:
        create_contact(inside.id, by=inside.ana, name="Zoe", addresses=[address])
    assert address in refused.value.sentence
    assert not Contact.objects.filter(name="Zoe").exists()


def test_an_address_of_another_contact_is_refused_and_names_them(inside: SimpleNamespace) -> None:
    with pytest.raises(AddressTaken, match="belongs to Jane") as refused:
        add_contact_address(
            inside.id, by=inside.ana, contact_id=inside.omar.id, address="JANE@client.example"
        )
    assert refused.value.contact_id == inside.jane.id


def test_an_internal_address_may_stand_on_a_contact(inside: SimpleNamespace) -> None:
    add_contact_address(
        inside.id, by=inside.ana, contact_id=inside.jane.id, address="jane@ours.example"
    )
    assert inside.jane.addresses.count() == 2


def test_an_erased_address_comes_back_only_when_a_person_insists(inside: SimpleNamespace) -> None:
    ErasedAddress.objects.create(
        workspace_id=inside.id, address_hash=erasure_hash(inside.id, "zoe@acme.example")
    )
    with pytest.raises(AddressErased, match="was erased"):
        create_contact(inside.id, by=inside.ana, name="Zoe", addresses=["zoe@acme.example"])
    create_contact(
        inside.id,
        by=inside.ana,
        name="Zoe",
        addresses=["zoe@acme.example"],
        lift_erasure=True,
    )
    assert not ErasedAddress.objects.exists()
    assert AuditEvent.objects.filter(verb="erasure lifted").count() == 1


def test_a_removed_address_is_free_for_another_contact(inside: SimpleNamespace) -> None:
    remove_contact_address(
        inside.id, by=inside.ana, contact_id=inside.jane.id, address="jane@client.example"
    )
    add_contact_address(
        inside.id, by=inside.ana, contact_id=inside.omar.id, address="jane@client.example"
    )
    assert inside.omar.addresses.count() == 2


def test_an_edited_contact_moves_to_a_company(inside: SimpleNamespace) -> None:
    edit_contact(
        inside.id,
        by=inside.ana,
        contact_id=inside.jane.id,
        name="Jane Doe",
        company_id=inside.acme.id,
    )
    inside.jane.refresh_from_db()
    assert (inside.jane.name, inside.jane.company) == ("Jane Doe", inside.acme)
    assert noted() == [("address", "jane@client.example")]


def test_a_profile_given_by_a_person_settles_where_the_contact_belongs(
    inside: SimpleNamespace,
) -> None:
    zoe = create_contact(inside.id, by=inside.ana, name="Zoe", addresses=["zoe@acme.example"])
    Profile.objects.create(
        workspace_id=inside.id, contact=zoe, project=inside.one, origin=Profile.Origin.ENGINE
    )
    give_profile(inside.id, by=inside.ana, contact_id=zoe.id, project_id=inside.one.id)
    zoe.refresh_from_db()
    assert zoe.profiles_chosen
    assert zoe.profiles.count() == 1


def test_a_profile_made_by_the_engine_settles_nothing(inside: SimpleNamespace) -> None:
    zoe = create_contact(inside.id, by=inside.ana, name="Zoe")
    give_profile(
        inside.id,
        by=None,
        contact_id=zoe.id,
        project_id=inside.one.id,
        origin=Profile.Origin.ENGINE,
    )
    zoe.refresh_from_db()
    assert not zoe.profiles_chosen


def test_a_profile_taken_away_settles_it_too_and_keeps_the_history(
    inside: SimpleNamespace,
) -> None:
    record_on(inside, inside.jane)
    Contact.objects.filter(id=inside.jane.id).update(profiles_chosen=False)
    take_profile(inside.id, by=inside.ana, contact_id=inside.jane.id, project_id=inside.one.id)
    inside.jane.refresh_from_db()
    assert inside.jane.profiles_chosen
    assert not inside.jane.profiles.exists()
    assert Assignment.objects.get().contact == inside.jane


def test_a_contact_without_history_is_deleted_and_its_address_free(
    inside: SimpleNamespace,
) -> None:
    freed = delete_contact(inside.id, by=inside.ana, contact_id=inside.jane.id)
    assert freed == ["jane@client.example"]
    assert not Contact.objects.filter(id=inside.jane.id).exists()
    assert not ContactAddress.objects.filter(address="jane@client.example").exists()


def test_a_contact_with_history_is_not_deleted(inside: SimpleNamespace) -> None:
    record_on(inside, inside.jane)
    with pytest.raises(DirectoryProblem, match="Merge it into another contact"):
        delete_contact(inside.id, by=inside.ana, contact_id=inside.jane.id)


def test_a_merge_moves_addresses_profiles_and_history(inside: SimpleNamespace) -> None:
    both = record_on(inside, inside.jane, inside.omar)
    his = record_on(inside, inside.omar)
    merge_contacts(inside.id, by=inside.ana, kept_id=inside.jane.id, gone_id=inside.omar.id)
    assert not Contact.objects.filter(id=inside.omar.id).exists()
    assert inside.jane.addresses.count() == 2
    assert {profile.project for profile in inside.jane.profiles.all()} == {inside.one, inside.two}
    assert both.assignments.get().contact == inside.jane
    assert his.assignments.get().contact == inside.jane


def test_a_merge_fills_what_the_kept_contact_lacks_and_no_more(inside: SimpleNamespace) -> None:
    nameless = create_contact(inside.id, by=inside.ana, addresses=["x@acme.example"])
    kept = merge_contacts(inside.id, by=inside.ana, kept_id=nameless.id, gone_id=inside.jane.id)
    assert kept.name == "Jane"
    assert kept.profiles_chosen


def test_a_contact_of_another_workspace_is_not_there(
    inside: SimpleNamespace, rival: SimpleNamespace
) -> None:
    with pytest.raises(NotThere):
        merge_contacts(inside.id, by=inside.ana, kept_id=inside.jane.id, gone_id=rival.jane.id)


@pytest.mark.django_db(transaction=True)
def test_a_private_row_of_a_colleague_does_not_hold_a_contact_back(ours: SimpleNamespace) -> None:
    with tenancy.in_workspace(ours.id, ours.ben.id):
        wait_for(ours, ours.ben, ours.omar)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        delete_contact(ours.id, by=ours.ana, contact_id=ours.omar.id)
    with tenancy.in_workspace(ours.id, ours.ben.id):
        assert not PendingParticipant.objects.exists()


def wait_for(ours: SimpleNamespace, owner: Member, contact: Contact) -> PendingParticipant:
    """A private mail of the owner's that waits until they pick a project for the contact."""
    channel = Channel.objects.create(
        workspace_id=ours.id, source=Channel.Source.SYNC, owner=owner, name="mailbox"
    )
    thread = Thread(workspace_id=ours.id)
    thread.root = thread
    thread.save()
    private = PrivateMessage.objects.create(
        workspace_id=ours.id,
        owner=owner,
        channel=channel,
        provider_id="1",
        thread=thread,
        received_at=timezone.now(),
        headers={},
        direction="in",
        outcome="needs_project",
        rule="R7",
        decision={},
    )
    return PendingParticipant.objects.create(
        workspace_id=ours.id,
        owner=owner,
        thread=thread,
        private_message=private,
        channel=channel,
        address="omar@client.example",
        contact=contact,
        candidates=[ours.one.id, ours.two.id],
        occurred_at=private.received_at,
    )
