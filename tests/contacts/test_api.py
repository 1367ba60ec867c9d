"""The API of the directory, asked with real keys."""

from base64 import b64encode
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts import tenancy
from accounts.api_keys import make_key
from accounts.models import Member
from contacts.models import Company, Contact, Project, ProjectMember

pytestmark = pytest.mark.django_db


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
            reverse(f"contacts_api:{name}", args=[self.slug, *args]) + query,
            data=self.client._encode_json(body, "application/json"),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.text}"},
        )


@pytest.fixture
def ask(ours: SimpleNamespace) -> Asker:
    return Asker(ours, ours.ana, "read", "write")


def test_a_company_is_created_read_changed_merged_and_deleted(
    ours: SimpleNamespace, ask: Asker
) -> None:
    made = ask(
        "post",
        "company-list",
        name="Beta",
        domains=["Beta.example"],
        projects=[str(ours.one.id)],
    )
    assert made.status_code == 201
    beta = made.json()
    assert [row["domain"] for row in beta["domains"]] == ["beta.example"]
    assert beta["projects"] == [str(ours.one.id)]
    assert ask("patch", "company-detail", beta["id"], name="B").json()["name"] == "B"
    assert ask("post", "company-domains", beta["id"], domain="b.example").status_code == 201
    assert ask("delete", "company-domain", beta["id"], "b.example").status_code == 204
    assert ask("put", "company-project", beta["id"], ours.two.id).status_code == 200
    assert ask("delete", "company-project", beta["id"], ours.two.id).status_code == 204
    assert ask("post", "company-merge", beta["id"], into=str(ours.acme.id)).status_code == 200
    assert ask("get", "company-detail", beta["id"]).status_code == 404
    assert ask("delete", "company-detail", ours.acme.id).status_code == 204


def test_a_refused_domain_answers_with_the_sentence(ours: SimpleNamespace, ask: Asker) -> None:
    answer = ask("post", "company-domains", ours.acme.id, domain="gmail.com")
    assert answer.status_code == 400
    assert "public mailbox provider" in answer.json()["domain"][0]


def test_a_shared_domain_is_asked_for(ours: SimpleNamespace, ask: Asker) -> None:
    beta = ask("post", "company-list", name="Beta").json()["id"]
    assert ask("post", "company-domains", beta, domain="acme.example").status_code == 400
    answer = ask("post", "company-domains", beta, domain="acme.example", share=True)
    assert answer.json()["domains"] == [{"domain": "acme.example", "shared": True}]


def test_a_contact_is_created_read_changed_merged_and_deleted(
    ours: SimpleNamespace, ask: Asker
) -> None:
    made = ask(
        "post",
        "contact-list",
        name="Zoe",
        company=str(ours.acme.id),
        addresses=["zoe@acme.example"],
        projects=[str(ours.one.id)],
    )
    assert made.status_code == 201
    zoe = made.json()["id"]
    changed = ask("patch", "contact-detail", zoe, name="Zoé").json()
    assert (changed["name"], changed["company"]) == ("Zoé", str(ours.acme.id))
    added = ask("post", "contact-addresses", zoe, address="z@home.example")
    assert added.json()["addresses"] == ["z@home.example", "zoe@acme.example"]
    assert ask("delete", "contact-address", zoe, "z@home.example").status_code == 204
    assert ask("post", "contact-merge", zoe, into=str(ours.jane.id)).status_code == 200
    assert ask("delete", "contact-detail", ours.jane.id).status_code == 204


def test_an_address_of_another_contact_answers_whose(ours: SimpleNamespace, ask: Asker) -> None:
    answer = ask("post", "contact-addresses", ours.omar.id, address="jane@client.example")
    assert answer.status_code == 400
    assert "belongs to Jane" in answer.json()["address"][0]


def test_profiles_are_listed_given_and_taken(ours: SimpleNamespace, ask: Asker) -> None:
    given = ask("post", "profile-list", contact=str(ours.jane.id), project=str(ours.two.id)).json()
    listed = ask("get", "profile-list", query=f"?contact={ours.jane.id}").json()["results"]
    assert len(listed) == 2
    assert ask("delete", "profile-detail", given["id"]).status_code == 204
    assert ask("delete", "profile-detail", given["id"]).status_code == 404


def test_a_project_is_created_changed_and_deleted_into_another(
    ours: SimpleNamespace, ask: Asker
) -> None:
    made = ask("post", "project-list", name="Three", open_to_all=False, members=[str(ours.ben.id)])
    assert made.status_code == 201
    three = made.json()
    assert three["members"] == [str(ours.ben.id)]
    changed = ask("patch", "project-detail", three["id"], interaction_type="Visit").json()
    assert changed["interaction_type"] == "Visit"
    assert changed["members"] == [str(ours.ben.id)]
    assert ask("delete", "project-detail", three["id"]).status_code == 400
    query = f"?into={ours.one.id}"
    assert ask("delete", "project-detail", three["id"], query=query).status_code == 204


def test_internal_domains_come_and_go(ours: SimpleNamespace, ask: Asker) -> None:
    made = ask("post", "internal_domain-list", domain="Team.example").json()
    assert made["domain"] == "team.example"
    assert ask("delete", "internal_domain-detail", made["id"]).status_code == 204
    assert ask("post", "internal_domain-list", domain="acme.example").status_code == 400


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("company-list", {"name": "B", "colour": "red"}, "colour"),
        ("company-list", {"name": "B", "id": "x"}, "id"),
        ("company-list", {"name": "B", "workspace": "x"}, "workspace"),
        ("contact-list", {"name": "Z", "profiles_chosen": True}, "profiles_chosen"),
        ("contact-list", {"name": "Z", "created_at": "2020-01-01"}, "created_at"),
        ("profile-list", {"contact": "x", "project": "x", "origin": "engine"}, "origin"),
        ("project-list", {"name": "P", "slug": "p"}, "slug"),
        ("internal_domain-list", {"domain": "x.example", "verified": True}, "verified"),
    ],
)
def test_a_field_that_is_unknown_or_the_servers_is_refused(
    ask: Asker, name: str, body: dict[str, Any], field: str
) -> None:
    answer = ask("post", name, **body)
    assert answer.status_code == 400
    assert field in answer.json()


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"{", b'{"name": {"a": 1}}', b"\xff"])
def test_a_body_that_is_no_object_of_words_is_refused(
    ours: SimpleNamespace, ask: Asker, body: bytes
) -> None:
    answer = ask.client.generic(
        "POST",
        reverse("contacts_api:company-list", args=[ours.slug]),
        data=body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {ask.text}"},
    )
    assert answer.status_code == 400


def test_a_list_goes_on_by_cursor_and_refuses_a_made_up_one(
    ours: SimpleNamespace, ask: Asker
) -> None:
    with tenancy.in_workspace(ours.id):
        Company.objects.bulk_create(
            Company(workspace_id=ours.id, name=f"C{number}") for number in range(70)
        )
    first = ask("get", "company-list").json()
    second = ask("get", "company-list", query="?" + first["next"].partition("?")[2]).json()
    ids = [row["id"] for row in first["results"] + second["results"]]
    assert len(ids) == len(set(ids)) == 71
    forged = b64encode(b"p=everything").decode()
    assert ask("get", "company-list", query=f"?cursor={forged}").status_code == 404


def test_a_key_reads_or_writes_by_its_scope_and_its_members_role(ours: SimpleNamespace) -> None:
    reader = Asker(ours, ours.ana, "read")
    assert reader("get", "contact-list").status_code == 200
    assert reader("post", "contact-list", name="Zoe").status_code == 403
    member = Asker(ours, ours.ben, "read", "write")
    assert member("post", "contact-list", name="Zoe").status_code == 201
    assert member("post", "project-list", name="Three").status_code == 403
    assert member("post", "internal_domain-list", domain="x.example").status_code == 403


def test_a_closed_project_is_not_in_the_answers_for_others(ours: SimpleNamespace) -> None:
    with tenancy.in_workspace(ours.id):
        Project.objects.filter(id=ours.two.id).update(open_to_all=False)
        ProjectMember.objects.create(workspace_id=ours.id, project=ours.two, member=ours.ana)
    member = Asker(ours, ours.ben, "read", "write")
    secret = str(ours.two.id)
    for name in ("project-list", "profile-list", "contact-list", "company-list"):
        assert secret not in member("get", name).content.decode()
    assert member("get", "project-detail", secret).status_code == 404
    assert member("put", "company-project", ours.acme.id, secret).status_code == 404
    assert (
        member("post", "profile-list", contact=str(ours.jane.id), project=secret).status_code == 400
    )


def test_another_workspace_is_not_there(ours: SimpleNamespace, rival: SimpleNamespace) -> None:
    stranger = Asker(rival, rival.ana, "read", "write")
    for noun, row in (
        ("company", ours.acme),
        ("contact", ours.jane),
        ("project", ours.one),
    ):
        assert stranger("get", f"{noun}-detail", row.id).status_code == 404
        assert stranger("patch", f"{noun}-detail", row.id, name="Stolen").status_code == 404
        query = f"?into={rival.one.id}"
        assert stranger("delete", f"{noun}-detail", row.id, query=query).status_code == 404
    with tenancy.in_workspace(ours.id):
        assert not Contact.objects.filter(name="Stolen").exists()
