"""The API of the record, asked with real keys."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from accounts import tenancy
from accounts.api_keys import make_key
from accounts.models import Member
from activities.models import Activity, Assignment, Entry, PrivateMessage
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.activities.test_pages import a_logged_mail, a_waiting_mail


class Asker:
    """A program that asks with a key of one member."""

    def __init__(self, cast: SimpleNamespace, member: Member, *scopes: str) -> None:
        with tenancy.in_workspace(cast.id):
            _key, self.text = make_key(cast.id, member, name="test", scopes=scopes)
        self.client, self.slug = Client(), cast.slug

    def __call__(self, method: str, name: str, /, *args: object, **body: Any) -> Any:
        query = body.pop("query", "")
        return self.client.generic(
            method.upper(),
            reverse(f"activities_api:{name}", args=[self.slug, *args]) + query,
            data=self.client._encode_json(body, "application/json"),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.text}"},
        )


@pytest.fixture
def ask(inside: SimpleNamespace) -> Asker:
    return Asker(inside, inside.ana, "read", "write")


def test_what_is_logged_and_what_waits_are_two_lists(inside: SimpleNamespace, ask: Asker) -> None:
    logged = a_logged_mail(inside, subject="Logged")
    waiting = a_waiting_mail(inside, subject="Waiting")
    (first,) = ask("get", "activity-list").json()["results"]
    assert (first["id"], first["title"]) == (str(logged.id), "Logged")
    assert first["assignments"][0]["contact"] == str(inside.jane.id)
    (second,) = ask("get", "unassigned-list").json()["results"]
    assert second["id"] == str(waiting.id)
    assert not ask("get", "activity-list", query="?q=nothing").json()["results"]


def test_a_mail_is_assigned_taken_off_dismissed_and_undone(
    inside: SimpleNamespace, ask: Asker
) -> None:
    mail = a_waiting_mail(inside)
    body = {"targets": [{"company": str(inside.acme.id)}], "projects": [str(inside.one.id)]}
    made = ask("post", "activity-assignment", mail.id, expected="unassigned", **body)
    assert made.status_code == 201
    again = ask("post", "activity-assignment", mail.id, expected="unassigned", **body)
    assert again.status_code == 409
    assert "Ana has already assigned this" in again.json()["detail"]
    given = Assignment.objects.get()
    assert ask("delete", "activity-one-assignment", mail.id, given.id).status_code == 200
    dismissed = ask("post", "activity-dismissal", mail.id)
    assert dismissed.status_code == 201
    undone = ask("post", "change-undo", dismissed.json()["id"])
    assert undone.json()["undone_at"]
    mail.refresh_from_db()
    assert mail.state == "unassigned"


def test_a_field_that_nobody_knows_is_refused(inside: SimpleNamespace, ask: Asker) -> None:
    mail = a_waiting_mail(inside)
    body = {"targets": [{"company": str(inside.acme.id)}], "projects": [str(inside.one.id)]}
    answer = ask("post", "activity-assignment", mail.id, origin="engine", **body)
    assert answer.status_code == 400
    assert "origin" in answer.json()


def test_a_thread_in_needs_project_is_placed(inside: SimpleNamespace, ask: Asker) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one, inside.two)
    arrive(inside, a_copy(mailbox, write_mail("ana@ours.example", "mia@client.example")))
    (waiting,) = ask("get", "needs_project-list").json()["results"]
    assert {one["name"] for one in waiting["candidates"]} == {"One", "Two"}
    chosen = ask("post", "thread-projects", waiting["thread"], projects=[str(inside.two.id)])
    assert chosen.status_code == 201
    assert Assignment.objects.get().project == inside.two
    out = ask("delete", "thread-one-project", waiting["thread"], inside.two.id)
    assert out.status_code == 200
    assert not Assignment.objects.exists()


def test_the_decision_of_a_message_reads_as_sentences_and_as_json(
    inside: SimpleNamespace, ask: Asker
) -> None:
    mail = a_logged_mail(inside)
    (told,) = ask("get", "activity-decisions", mail.id).json()
    assert told["headline"].startswith("Logged. jane@client.example is a contact in One")
    assert told["decision"]["outcome"] == "logged"
    assert {step["rule"] for step in told["steps"]} >= {"R1", "R5"}


def test_the_decision_of_a_private_mail_is_its_owners(inside: SimpleNamespace, ask: Asker) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    arrive(inside, a_copy(mailbox, write_mail("ana@ours.example", "z@nobody.example")))
    private = PrivateMessage.objects.get()
    mine = ask("get", "private_message-decision", private.id)
    assert mine.json()["outcome"] == "not_logged"
    theirs = Asker(inside, inside.ben, "read")("get", "private_message-decision", private.id)
    assert theirs.status_code == 404


def test_entries_are_added_listed_and_lifted(inside: SimpleNamespace, ask: Asker) -> None:
    made = ask("post", "entry-list", value="News.Example", effect="ignore", workspace=True)
    assert made.status_code == 201
    assert (made.json()["value"], made.json()["kind"]) == ("news.example", "domain")
    ben = Asker(inside, inside.ben, "read", "write")
    assert ben("get", "entry-list").json()["results"][0]["workspace"] is True
    assert ben("delete", "entry-detail", made.json()["id"]).status_code == 404
    assert ben("post", "entry-list", value="x", effect="ignore").status_code == 400
    assert ask("delete", "entry-detail", made.json()["id"]).status_code == 204
    assert not Entry.objects.exists()


def test_a_key_that_may_only_read_changes_nothing(inside: SimpleNamespace) -> None:
    mail = a_waiting_mail(inside)
    reader = Asker(inside, inside.ana, "read")
    assert reader("post", "activity-dismissal", mail.id).status_code == 403
    assert reader("get", "activity-detail", mail.id).status_code == 200


def test_ids_of_another_workspace_are_not_there(
    inside: SimpleNamespace, rival: SimpleNamespace, ask: Asker
) -> None:
    with tenancy.in_workspace(rival.id, rival.ana.id):
        theirs = a_waiting_mail(rival)
        assert Activity.objects.filter(id=theirs.id).exists()
    for name in ("activity-detail", "activity-decisions"):
        assert ask("get", name, theirs.id).status_code == 404
    assert ask("post", "activity-dismissal", theirs.id).status_code == 404


def test_a_subject_that_is_not_shared_is_null(inside: SimpleNamespace) -> None:
    make_channel(inside, inside.ana, inside.one, sharing="metadata")
    a_logged_mail(inside, subject="For my eyes")
    ben = Asker(inside, inside.ben, "read")
    (row,) = ben("get", "activity-list").json()["results"]
    assert (row["title"], row["snippet"]) == (None, None)


def test_the_schema_of_the_api_names_every_operation(inside: SimpleNamespace) -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    paths = schema["paths"]
    assert "/api/v1/w/{slug}/activities/{id}/assignment/" in paths
    assert "/api/v1/w/{slug}/needs-project/" in paths


def test_a_writer_without_a_name_is_an_address(inside: SimpleNamespace, ask: Asker) -> None:
    a_logged_mail(inside)
    (found,) = ask("get", "activity-list").json()["results"]
    assert found["writer"] == {"name": "", "address": "jane@client.example"}
