"""Ignored and blocked entries in the pages, and automated classes (R3, R11)."""

from types import SimpleNamespace

import pytest

from accounts.models import AuditEvent
from activities.models import AutomatedClass, Entry
from activities.problems import NotThere, RecordProblem
from activities.services.entries import add_entry, read_value, remove_entry
from contacts.models import DirectoryChange
from tests.activities.test_pages import signed_in

PAGE = "/w/ours/settings/entries/"


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        (" Jane@ACME.example ", "address", "jane@acme.example"),
        ("Acme.example", "domain", "acme.example"),
        ("@acme.example", "domain", "acme.example"),
        ("*@news.acme.example", "pattern", "*@news.acme.example"),
        ("*.acme.example", "pattern", "*.acme.example"),
    ],
)
def test_what_was_typed_is_read_as_address_domain_or_pattern(
    typed: str, kind: str, value: str
) -> None:
    assert read_value(typed) == (kind, value)


@pytest.mark.parametrize("typed", ["", "*", "*@*", "*.*", "a b@c", "x" * 300, "* @x.example", "@"])
def test_what_names_nobody_or_everybody_is_refused(typed: str) -> None:
    with pytest.raises(RecordProblem):
        read_value(typed)


def test_a_member_sets_entries_of_their_own_only(inside: SimpleNamespace) -> None:
    client = signed_in(inside.ben)
    form = {"value": "news.example", "effect": "block", "whose": "workspace", "subdomains": "on"}
    assert client.post(PAGE, form).status_code == 303
    assert Entry.objects.get().member == inside.ben
    with pytest.raises(RecordProblem, match="Only admins"):
        add_entry(inside.id, by=inside.ben, text="x.example", effect="block", for_workspace=True)
    assert "news.example" not in signed_in(inside.ana).get(PAGE).content.decode()


def test_an_admins_entry_is_audited_and_has_mail_decided_again(inside: SimpleNamespace) -> None:
    form = {"value": "news.example", "effect": "ignore", "whose": "workspace"}
    assert signed_in(inside.ana).post(PAGE, form).status_code == 303
    entry = Entry.objects.get()
    assert (entry.member, entry.subdomains) == (None, False)
    assert AuditEvent.objects.filter(verb="entry added", subject_id=entry.id).exists()
    assert DirectoryChange.objects.filter(kind="domain", value="news.example").exists()


@pytest.mark.parametrize(
    ("typed", "warning"),
    [
        ("acme.example", "is a domain of Acme"),
        ("sub.acme.example", "is a domain of Acme"),
        ("ours.example", "one of your own domains"),
        ("gmail.com", "public mailbox provider"),
    ],
)
def test_a_domain_that_deserves_a_second_look_is_asked_about_in_red(
    inside: SimpleNamespace, typed: str, warning: str
) -> None:
    client = signed_in(inside.ana)
    form = {"value": typed, "effect": "block", "whose": "workspace"}
    asked = client.post(PAGE, form)
    assert asked.status_code == 422
    assert warning in asked.content.decode()
    assert not Entry.objects.exists()
    assert client.post(PAGE, form | {"sure": "yes"}).status_code == 303
    assert Entry.objects.get().value == typed


def test_what_is_wrong_stands_at_its_field(inside: SimpleNamespace) -> None:
    answer = signed_in(inside.ana).post(PAGE, {"value": "no domain", "effect": "block"})
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_only_who_may_edit_an_entry_lifts_it(inside: SimpleNamespace) -> None:
    entry = add_entry(
        inside.id, by=inside.ana, text="news.example", effect="block", for_workspace=True
    )
    with pytest.raises(NotThere):
        remove_entry(inside.id, by=inside.ben, entry_id=entry.id)
    assert signed_in(inside.ana).post(f"{PAGE}{entry.id}/removal/").status_code == 303
    assert not Entry.objects.exists()


def test_the_same_entry_again_takes_the_new_effect(inside: SimpleNamespace) -> None:
    for effect in ("ignore", "block"):
        add_entry(inside.id, by=inside.ana, text="n.example", effect=effect, for_workspace=True)
    assert Entry.objects.get().effect == "block"


def test_an_admin_lets_a_class_of_automated_mail_through_and_stops_it(
    inside: SimpleNamespace,
) -> None:
    path = "/w/ours/settings/automated/"
    client = signed_in(inside.ana)
    assert client.post(path, {"name": "bulk", "passes": "yes"}).status_code == 303
    assert AutomatedClass.objects.get().name == "bulk"
    assert client.post(path, {"name": "bulk", "passes": "no"}).status_code == 303
    assert not AutomatedClass.objects.exists()
    assert client.post(path, {"name": "nonsense", "passes": "yes"}).status_code == 422
    assert signed_in(inside.ben).post(path, {"name": "bulk"}).status_code == 404


def test_a_note_is_logged_on_a_contact_and_stands_on_its_timeline(inside: SimpleNamespace) -> None:
    client = signed_in(inside.ben)
    form = {
        "kind": "call",
        "title": "Called about the plan",
        "text": "She prefers mornings.",
        "occurred_at": "2026-03-02T10:00",
        "whom": f"contact:{inside.jane.id}",
        "projects": [inside.one.id],
    }
    assert client.post("/w/ours/activities/note/", form).status_code == 303
    page = signed_in(inside.ana).get(f"/w/ours/contacts/{inside.jane.id}/").content.decode()
    assert "Called about the plan" in page
    refused = client.post("/w/ours/activities/note/", form | {"whom": ""})
    assert refused.status_code == 422
    assert "Choose a company or a contact" in refused.content.decode()
