"""Who may come in, with which role, and how access ends."""

import re
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import tenancy
from accounts.models import AuditEvent, Invitation, Member, MemberAddress, Role, User
from accounts.services.create_workspace import create_workspace
from accounts.services.invitations import invite
from contacts.models import Project

PEOPLE = "/w/ours/settings/people/"


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def ana(ours: SimpleNamespace) -> Client:
    return signed_in(ours.ana)


@pytest.fixture
def ben(ours: SimpleNamespace) -> Client:
    return signed_in(ours.ben)


def mailed_path() -> str:
    """The path of the link in the newest mail."""
    return re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body)).group(1)


def newcomer(address: str) -> Client:
    client = Client()
    client.force_login(User.objects.create_user(address, "a long enough secret"))
    return client


def members_of(cast: SimpleNamespace) -> dict[str, Member]:
    with tenancy.in_workspace(cast.id):
        return {member.name: member for member in Member.objects.select_related("user")}


def audit_verbs(cast: SimpleNamespace) -> list[str]:
    with tenancy.in_workspace(cast.id):
        return list(AuditEvent.objects.order_by("at", "id").values_list("verb", flat=True))


def test_an_admin_sees_everybody_and_the_form_to_invite(ana: Client) -> None:
    page = ana.get(PEOPLE).content.decode()
    assert "ana@ours.example" in page
    assert "ben@ours.example" in page
    assert "Send the invitation" in page


def test_a_member_sees_everybody_but_cannot_invite(ben: Client) -> None:
    page = ben.get(PEOPLE)
    assert "Send the invitation" not in page.content.decode()
    answer = ben.post(PEOPLE + "invitations/", {"email": "x@new.example", "role": "member"})
    assert answer.status_code == 404
    assert mail.outbox == []


def test_an_invited_person_joins_by_the_mailed_link_with_the_invited_role(
    ours: SimpleNamespace, ana: Client
) -> None:
    answer = ana.post(PEOPLE + "invitations/", {"email": "Zoe@New.example", "role": "viewer"})
    assert answer.status_code == 303
    assert mail.outbox[0].to == ["zoe@new.example"]
    zoe = newcomer("zoe@new.example")
    assert "Join Ours" in zoe.get(mailed_path()).content.decode()
    joined = zoe.post(mailed_path(), {"name": "Zoe"})
    assert (joined.status_code, joined["Location"]) == (303, "/w/ours/")
    assert members_of(ours)["Zoe"].role == Role.VIEWER
    with tenancy.in_workspace(ours.id):
        address = MemberAddress.objects.get(address="zoe@new.example")
    assert address.verified_at is not None
    assert audit_verbs(ours)[-2:] == ["member invited", "invitation accepted"]


def test_an_invitation_works_once(ours: SimpleNamespace, ana: Client) -> None:
    ana.post(PEOPLE + "invitations/", {"email": "zoe@new.example", "role": "member"})
    zoe = newcomer("zoe@new.example")
    zoe.post(mailed_path(), {"name": "Zoe"})
    assert zoe.get(mailed_path()).status_code == 404


def test_an_invitation_is_worth_nothing_to_another_address(
    ours: SimpleNamespace, ana: Client
) -> None:
    ana.post(PEOPLE + "invitations/", {"email": "zoe@new.example", "role": "member"})
    thief = newcomer("thief@new.example")
    page = thief.get(mailed_path()).content.decode()
    assert "another address" in page
    assert "zoe@new.example" not in page
    thief.post(mailed_path(), {"name": "Thief"})
    assert "Thief" not in members_of(ours)


def test_a_withdrawn_invitation_opens_nothing(ours: SimpleNamespace, ana: Client) -> None:
    ana.post(PEOPLE + "invitations/", {"email": "zoe@new.example", "role": "member"})
    with tenancy.in_workspace(ours.id):
        invitation = Invitation.objects.get()
    ana.post(f"{PEOPLE}invitations/{invitation.id}/removal/")
    assert newcomer("zoe@new.example").get(mailed_path()).status_code == 404


def test_a_second_invitation_to_the_same_address_ends_the_first(
    ours: SimpleNamespace, ana: Client
) -> None:
    ana.post(PEOPLE + "invitations/", {"email": "zoe@new.example", "role": "member"})
    first = mailed_path()
    ana.post(PEOPLE + "invitations/", {"email": "zoe@new.example", "role": "admin"})
    zoe = newcomer("zoe@new.example")
    assert zoe.get(first).status_code == 404
    assert zoe.get(mailed_path()).status_code == 200


def test_an_invitation_ends_after_a_week(ours: SimpleNamespace, ana: Client) -> None:
    ana.post(PEOPLE + "invitations/", {"email": "zoe@new.example", "role": "member"})
    with tenancy.in_workspace(ours.id):
        Invitation.objects.update(expires_at="2020-01-01T00:00:00Z")
    assert newcomer("zoe@new.example").get(mailed_path()).status_code == 404


def test_only_the_hash_of_an_invitations_token_is_kept(ours: SimpleNamespace, ana: Client) -> None:
    ana.post(PEOPLE + "invitations/", {"email": "zoe@new.example", "role": "member"})
    token = mailed_path().split("/")[2]
    with tenancy.in_workspace(ours.id):
        row = Invitation.objects.values().get()
    assert token not in str(row)


def test_a_member_cannot_be_invited_again(ana: Client) -> None:
    answer = ana.post(PEOPLE + "invitations/", {"email": "BEN@ours.example", "role": "member"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This person is a member already." in page
    assert 'aria-invalid="true"' in page
    assert "autofocus" in page


def test_a_malformed_address_is_refused_with_its_field_in_focus(ana: Client) -> None:
    answer = ana.post(PEOPLE + "invitations/", {"email": "zoe@", "role": "member"})
    assert answer.status_code == 422
    assert re.search(r'name="email"[^>]*autofocus', answer.content.decode())


def test_an_admin_cannot_invite_an_owner(ours: SimpleNamespace) -> None:
    with tenancy.in_workspace(ours.id):
        Member.objects.filter(id=ours.ben.id).update(role=Role.ADMIN)
    answer = signed_in(ours.ben).post(
        PEOPLE + "invitations/", {"email": "zoe@new.example", "role": "owner"}
    )
    assert answer.status_code == 422
    assert mail.outbox == []


def test_an_owner_changes_a_role_and_it_is_written_down(ours: SimpleNamespace, ana: Client) -> None:
    answer = ana.post(f"{PEOPLE}{ours.ben.id}/role/", {"role": "admin"})
    assert answer.status_code == 303
    assert members_of(ours)["Ben"].role == Role.ADMIN
    with tenancy.in_workspace(ours.id):
        event = AuditEvent.objects.get(verb="role changed")
    assert (event.before, event.after) == ({"role": "member"}, {"role": "admin"})


def test_an_admin_cannot_make_himself_an_owner(ours: SimpleNamespace) -> None:
    with tenancy.in_workspace(ours.id):
        Member.objects.filter(id=ours.ben.id).update(role=Role.ADMIN)
    ben = signed_in(ours.ben)
    assert ben.post(f"{PEOPLE}{ours.ben.id}/role/", {"role": "owner"}).status_code == 422
    assert members_of(ours)["Ben"].role == Role.ADMIN


def test_an_admin_cannot_demote_an_owner(ours: SimpleNamespace) -> None:
    with tenancy.in_workspace(ours.id):
        Member.objects.filter(id=ours.ben.id).update(role=Role.ADMIN)
    ben = signed_in(ours.ben)
    assert ben.post(f"{PEOPLE}{ours.ana.id}/role/", {"role": "member"}).status_code == 422
    assert members_of(ours)["Ana"].role == Role.OWNER


def test_the_last_owner_cannot_be_demoted(ours: SimpleNamespace, ana: Client) -> None:
    answer = ana.post(f"{PEOPLE}{ours.ana.id}/role/", {"role": "member"})
    assert answer.status_code == 422
    assert "is the only owner" in answer.content.decode()
    assert members_of(ours)["Ana"].role == Role.OWNER


def test_the_last_owner_cannot_leave(ours: SimpleNamespace, ana: Client) -> None:
    ana.post(f"{PEOPLE}{ours.ana.id}/deactivation/")
    assert members_of(ours)["Ana"].is_present


def test_an_owner_may_leave_when_another_one_stays(ours: SimpleNamespace, ana: Client) -> None:
    ana.post(f"{PEOPLE}{ours.ben.id}/role/", {"role": "owner"})
    answer = ana.post(f"{PEOPLE}{ours.ana.id}/deactivation/")
    assert answer["Location"] == "/"
    assert not members_of(ours)["Ana"].is_present


def test_deactivating_asks_first_and_changes_nothing_by_a_get(
    ours: SimpleNamespace, ana: Client
) -> None:
    page = ana.get(f"{PEOPLE}{ours.ben.id}/deactivation/").content.decode()
    assert "Deactivate Ben" in page
    assert members_of(ours)["Ben"].is_present


def test_a_deactivated_members_open_session_ends_with_the_next_request(
    ours: SimpleNamespace, ana: Client, ben: Client
) -> None:
    assert ben.get(PEOPLE).status_code == 200
    ana.post(f"{PEOPLE}{ours.ben.id}/deactivation/")
    assert ben.get(PEOPLE).status_code == 404


def test_a_deactivated_members_keys_and_invitations_end(ours: SimpleNamespace, ana: Client) -> None:
    ana.post(f"{PEOPLE}{ours.ben.id}/role/", {"role": "admin"})
    ben = signed_in(ours.ben)
    ben.post("/w/ours/settings/keys/", {"name": "mine", "scopes": ["read"], "days": "30"})
    ben.post(PEOPLE + "invitations/", {"email": "zoe@new.example", "role": "member"})
    ana.post(f"{PEOPLE}{ours.ben.id}/deactivation/")
    with tenancy.in_workspace(ours.id):
        assert ours.ben.api_keys.get().revoked_at is not None
        assert Invitation.objects.get().revoked_at is not None
    ana.post(f"{PEOPLE}{ours.ben.id}/deactivation/removal/")
    with tenancy.in_workspace(ours.id):
        assert ours.ben.api_keys.get().revoked_at is not None


def test_a_reactivated_member_comes_in_again(
    ours: SimpleNamespace, ana: Client, ben: Client
) -> None:
    ana.post(f"{PEOPLE}{ours.ben.id}/deactivation/")
    ana.post(f"{PEOPLE}{ours.ben.id}/deactivation/removal/")
    assert ben.get(PEOPLE).status_code == 200


def test_a_former_members_address_is_released_and_not_that_of_a_present_one(
    ours: SimpleNamespace, ana: Client
) -> None:
    with tenancy.in_workspace(ours.id):
        row = MemberAddress.objects.get(member=ours.ben)
    release = f"/w/ours/settings/addresses/{row.id}/release/"
    assert ana.post(release).status_code == 404
    ana.post(f"{PEOPLE}{ours.ben.id}/deactivation/")
    assert "Release ben@ours.example" in ana.get(release).content.decode()
    assert ana.post(release).status_code == 303
    with tenancy.in_workspace(ours.id):
        assert MemberAddress.objects.get(id=row.id).released_at is not None


@pytest.mark.parametrize("path", ["", "role/", "deactivation/", "deactivation/removal/"])
def test_a_member_of_another_workspace_does_not_exist(
    ours: SimpleNamespace, rival: SimpleNamespace, ana: Client, path: str
) -> None:
    url = f"{PEOPLE}{rival.ben.id}/{path}"
    answer = ana.post(url, {"role": "viewer"}) if path else ana.get(url)
    assert answer.status_code == 404
    assert members_of(rival)["Ben"].role == Role.MEMBER


def test_a_stranger_finds_no_people_page(ours: SimpleNamespace, rival: SimpleNamespace) -> None:
    assert signed_in(rival.ana).get(PEOPLE).status_code == 404
    assert Client().get(PEOPLE).status_code == 302


def test_a_new_workspace_has_an_owner_a_verified_address_and_one_project(db: None) -> None:
    user = User.objects.create_user("Mo@Fresh.example", "a long enough secret")
    owner = create_workspace(user, name="Fresh", slug="fresh", member_name="Mo")
    with tenancy.in_workspace(owner.workspace_id, owner.id):
        assert owner.role == Role.OWNER
        assert MemberAddress.objects.get().address == "mo@fresh.example"
        assert Project.objects.count() == 1
        assert "workspace created" in AuditEvent.objects.values_list("verb", flat=True)


def test_a_new_workspace_is_made_on_its_page_and_opened(db: None) -> None:
    client = newcomer("mo@fresh.example")
    home = client.get("/")
    assert home["Location"] == reverse("accounts:new_workspace")
    answer = client.post(
        "/workspaces/new/", {"name": "Fresh", "slug": "fresh", "member_name": "Mo"}
    )
    assert (answer.status_code, answer["Location"]) == (303, "/w/fresh/")
    assert client.get("/")["Location"] == "/w/fresh/"


@pytest.mark.parametrize("slug", ["ours", "new", "Ünder", "a", "two words"])
def test_a_taken_reserved_or_odd_address_of_a_workspace_is_refused(
    ours: SimpleNamespace, slug: str
) -> None:
    answer = newcomer("mo@fresh.example").post(
        "/workspaces/new/", {"name": "Fresh", "slug": slug, "member_name": "Mo"}
    )
    assert answer.status_code == 422
    assert re.search(r'name="slug"[^>]*autofocus', answer.content.decode())


def test_a_person_in_two_workspaces_chooses(ours: SimpleNamespace, rival: SimpleNamespace) -> None:
    user = ours.ana.user
    with tenancy.in_workspace(rival.id, rival.ana.id):
        invitation, token = invite(rival.id, rival.ana, email=user.email, role="member")
    client = signed_in(ours.ana)
    client.post(reverse("accounts:invitation", args=[token]), {"name": "Ana"})
    assert client.get("/")["Location"] == "/workspaces/"
    page = client.get("/workspaces/").content.decode()
    assert 'href="/w/ours/"' in page
    assert 'href="/w/rival/"' in page
    assert invitation.email == "ana@ours.example"
