"""Assigning by hand, dismissing, and what each of them refuses (U2, U3, R3)."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts import tenancy
from accounts.models import AuditEvent
from activities.models import Activity, Assignment, Change, Entry, PendingParticipant
from activities.problems import AlreadyDone, NotThere, RecordProblem
from activities.services.assign import Whom, assign
from activities.services.dismiss import dismiss
from activities.services.entries import add_entry
from activities.services.remove_assignment import change_interaction_type, remove_assignment
from contacts.models import CompanyDomain, Contact, DirectoryChange, Profile, Project
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.activities.test_pages import a_logged_mail, a_waiting_mail, signed_in


def place(cast: SimpleNamespace, *mails: Activity, **extra: Any) -> Change:
    """Assign the mails to Acme in One as Ana, or as the keywords say."""
    given: dict[str, Any] = {
        "by": cast.ana,
        "activity_ids": [mail.id for mail in mails],
        "whom": [Whom(company_id=cast.acme.id)],
        "project_ids": [cast.one.id],
        "expected": "unassigned",
    }
    return assign(cast.id, **(given | extra))


def test_s23_an_assigned_mail_leaves_unassigned_and_stands_on_the_companys_timeline(
    inside: SimpleNamespace,
) -> None:
    mail = a_waiting_mail(inside, subject="For Acme")
    client = signed_in(inside.ana)
    answer = client.post(
        "/w/ours/activities/assignment/",
        {
            "open": mail.id,
            "whom": f"company:{inside.acme.id}",
            "projects": [inside.one.id],
            "expected": "unassigned",
        },
    )
    assert answer.status_code == 303
    assert "For Acme" in client.get(f"/w/ours/companies/{inside.acme.id}/").content.decode()
    assert not client.get("/w/ours/activities/unassigned/").context["lines"]


def test_a_hand_is_audited_and_recorded_as_one_change_with_before_and_after(
    inside: SimpleNamespace,
) -> None:
    mails = [a_waiting_mail(inside), a_waiting_mail(inside)]
    change = place(inside, *mails)
    items = list(change.items.all())
    assert [(item.before["state"], item.after["state"]) for item in items] == [
        ("unassigned", "logged")
    ] * 2
    assert AuditEvent.objects.filter(subject_id=change.id, member=inside.ana).exists()
    assert Assignment.objects.filter(origin="person", made_by=inside.ana).count() == 2


def test_a_contact_is_created_on_the_spot_with_its_profile(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    place(inside, mail, whom=[Whom(new_contact="Zoe", address="z@new.example")])
    zoe = Contact.objects.get(name="Zoe")
    assert Profile.objects.filter(contact=zoe, project=inside.one).exists()
    assert Assignment.objects.get().address == "z@new.example"


def test_a_company_is_created_on_the_spot_and_its_domain_linked(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    place(inside, mail, whom=[Whom(new_company="New", link_domain="new.example")])
    assert CompanyDomain.objects.get(domain="new.example").company.name == "New"
    assert DirectoryChange.objects.filter(kind="domain", value="new.example").exists()


def test_without_remembering_a_company_gets_no_domain(inside: SimpleNamespace) -> None:
    place(inside, a_waiting_mail(inside), project_ids=[inside.two.id])
    assert CompanyDomain.objects.count() == 1
    assert not inside.acme.company_projects.filter(project=inside.two).exists()


def test_a_profile_that_is_there_stays_what_it_is(inside: SimpleNamespace) -> None:
    Contact.objects.filter(id=inside.jane.id).update(profiles_chosen=False)
    place(inside, a_waiting_mail(inside), whom=[Whom(contact_id=inside.jane.id)])
    inside.jane.refresh_from_db()
    assert not inside.jane.profiles_chosen


def test_one_mail_may_go_to_several_projects_at_once(inside: SimpleNamespace) -> None:
    place(inside, a_waiting_mail(inside), project_ids=[inside.one.id, inside.two.id])
    assert set(Assignment.objects.values_list("interaction_type", flat=True)) == {"Email", "Call"}


def test_u3_the_second_to_triage_a_mail_learns_who_was_first(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    place(inside, mail, by=inside.ben)
    with pytest.raises(AlreadyDone, match="Ben has already assigned this"):
        place(inside, mail)
    assert Assignment.objects.count() == 1


def test_u3_the_page_answers_409_keeps_the_choice_and_names_the_first(
    inside: SimpleNamespace,
) -> None:
    mail, other = a_waiting_mail(inside), a_waiting_mail(inside)
    place(inside, mail, by=inside.ben, project_ids=[inside.two.id])
    answer = signed_in(inside.ana).post(
        "/w/ours/activities/assignment/",
        {
            "id": [mail.id, other.id],
            "open": other.id,
            "whom": "new-company",
            "company_name": "Typed by hand",
            "projects": [inside.one.id],
            "expected": "unassigned",
            "from": "unassigned",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ben has already dealt with 1 of these" in page
    assert "Typed by hand" in page


def test_nobody_assigns_what_they_cannot_see_or_into_a_project_they_cannot_see(
    inside: SimpleNamespace, rival: SimpleNamespace
) -> None:
    closed = Project.objects.create(workspace_id=inside.id, name="Closed", open_to_all=False)
    hidden_channel = make_channel(inside, None, closed, source="bcc")
    raw = write_mail("ana@ours.example", "z@new.example")
    (result,) = arrive(inside, a_copy(hidden_channel, raw, sender=inside.ana))
    hidden = Activity.objects.get(id=result.activity_id)
    with pytest.raises(NotThere):
        place(inside, hidden, by=inside.ben)
    with pytest.raises(RecordProblem, match="project"):
        place(inside, a_waiting_mail(inside), project_ids=[closed.id])
    with pytest.raises(RecordProblem, match="project"):
        place(inside, a_waiting_mail(inside), project_ids=[rival.one.id])


def test_a_viewer_may_not_assign(inside: SimpleNamespace) -> None:
    inside.ben.role = "viewer"
    inside.ben.save()
    mail = a_waiting_mail(inside)
    answer = signed_in(inside.ben).post("/w/ours/activities/assignment/", {"open": mail.id})
    assert answer.status_code == 404


def test_what_a_person_can_put_right_is_a_422_with_a_sentence(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    client = signed_in(inside.ana)
    form = {"open": mail.id, "projects": [inside.one.id], "from": "unassigned"}
    nobody = client.post("/w/ours/activities/assignment/", form)
    assert nobody.status_code == 422
    assert "Choose a company or a contact" in nobody.content.decode()
    taken = {"whom": "new-company", "company_name": "Other", "link_domain": "acme.example"}
    refused = client.post("/w/ours/activities/assignment/", form | taken)
    assert "acme.example belongs to Acme" in refused.content.decode()
    mail.refresh_from_db()
    assert mail.state == "unassigned"


def test_r3_only_who_may_edit_the_entry_assigns_what_it_keeps_out(
    inside: SimpleNamespace,
) -> None:
    add_entry(inside.id, by=inside.ana, text="news.example", effect="ignore", for_workspace=True)
    mail = a_waiting_mail(inside, sender="x@news.example")
    assert mail.banner == "ignored"
    with pytest.raises(RecordProblem, match="Only an admin"):
        place(inside, mail, by=inside.ben)
    page = signed_in(inside.ben).get(f"/w/ours/activities/{mail.id}/").content.decode()
    assert "Only an admin can assign it" in page
    place(inside, mail)
    mail.refresh_from_db()
    assert (mail.state, mail.excepted) == ("logged", [str(Entry.objects.get().id)])


def test_r3_a_members_own_entry_is_theirs_to_set_aside(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside, sender="x@news.example")
    add_entry(inside.id, by=inside.ana, text="news.example", effect="block", for_workspace=False)
    with pytest.raises(RecordProblem, match="entry of its owner"):
        place(inside, mail, by=inside.ben)
    place(inside, mail)
    assert Assignment.objects.count() == 1


def test_assigning_a_mail_settles_others_who_wait_on_its_thread(inside: SimpleNamespace) -> None:
    channel = make_channel(inside, inside.ana, inside.one, inside.two)
    waiting = write_mail("ana@ours.example", "mia@client.example", message_id="<t@x.example>")
    arrive(inside, a_copy(channel, waiting))
    mail = a_waiting_mail(inside, in_reply_to="<t@x.example>")
    assert PendingParticipant.objects.count() == 1
    place(inside, mail)
    assert not PendingParticipant.objects.exists()
    assert Assignment.objects.get(contact=inside.mia).project == inside.one


def test_a_dismissed_mail_leaves_the_queue_and_a_later_copy_does_not_log_it(
    inside: SimpleNamespace,
) -> None:
    channel = make_channel(inside, None, inside.two, source="bcc")
    raw = write_mail("ana@ours.example", "jane@client.example")
    (result,) = arrive(inside, a_copy(channel, raw, sender=inside.ana))
    dismiss(inside.id, by=inside.ana, activity_ids=[result.activity_id])
    arrive(inside, a_copy(make_channel(inside, inside.ben, inside.one), raw))
    with tenancy.in_workspace(inside.id, inside.ana.id):
        assert Activity.objects.get().state == "dismissed"
    with pytest.raises(AlreadyDone, match="already dismissed"):
        dismiss(inside.id, by=inside.ben, activity_ids=[result.activity_id])


def test_a_hand_logs_what_was_dismissed(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    dismiss(inside.id, by=inside.ana, activity_ids=[mail.id])
    place(inside, mail, expected="dismissed")
    mail.refresh_from_db()
    assert mail.state == "logged"


def test_taking_a_bcc_mail_off_its_last_profile_puts_it_back_into_unassigned(
    inside: SimpleNamespace,
) -> None:
    mail = a_waiting_mail(inside)
    place(inside, mail)
    given = Assignment.objects.get()
    remove_assignment(inside.id, by=inside.ana, activity_id=mail.id, assignment_id=given.id)
    mail.refresh_from_db()
    assert mail.state == "unassigned"
    assert str(inside.one.id) in mail.taken_out


def test_taking_a_synced_mail_off_its_last_profile_makes_it_its_owners_alone(
    inside: SimpleNamespace,
) -> None:
    from activities.models import Message, PrivateMessage

    mail = a_logged_mail(inside, subject="Mine again")
    given = Assignment.objects.get()
    remove_assignment(inside.id, by=inside.ben, activity_id=mail.id, assignment_id=given.id)
    assert not Message.objects.exists()
    with tenancy.in_workspace(inside.id, inside.ben.id):
        assert not PrivateMessage.objects.exists()
    with tenancy.in_workspace(inside.id, inside.ana.id):
        private = PrivateMessage.objects.get()
    assert (private.subject, private.rule) == ("Mine again", "R8")


def test_the_interaction_type_can_be_changed_and_is_bounded(inside: SimpleNamespace) -> None:
    mail = a_logged_mail(inside)
    given = Assignment.objects.get()
    ids = {"activity_id": mail.id, "assignment_id": given.id}
    change_interaction_type(inside.id, by=inside.ana, interaction_type=" Site  visit ", **ids)
    given.refresh_from_db()
    assert given.interaction_type == "Site visit"
    with pytest.raises(RecordProblem):
        change_interaction_type(inside.id, by=inside.ana, interaction_type="x" * 61, **ids)


def test_a_form_never_leads_to_another_site(inside: SimpleNamespace) -> None:
    client = Client()
    client.force_login(inside.ana.user)
    for target in ("https://evil.example/", "//evil.example/", "/w/\\evil", "javascript:x"):
        mail = a_waiting_mail(inside)
        answer = client.post("/w/ours/activities/dismissal/", {"open": mail.id, "next": target})
        assert answer["Location"] == "/w/ours/activities/unassigned/"
