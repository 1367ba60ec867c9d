"""The pages of the directory through a signed-in browser."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts import tenancy
from accounts.models import Role
from contacts.directory import erasure_hash
from contacts.models import (
    Company,
    Contact,
    ErasedAddress,
    InternalDomain,
    Project,
    ProjectMember,
    PublicMailDomain,
)
from tests.conftest import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(ours: SimpleNamespace, client: Client) -> Client:
    client.force_login(ours.ana.user)
    return client


def page(ours: SimpleNamespace, name: str, *args: object) -> str:
    return reverse(f"contacts:{name}", args=[ours.slug, *args])


def test_every_list_and_form_opens(ours: SimpleNamespace, ana: Client) -> None:
    for name in ("contacts", "companies", "projects", "internal_domains", "import"):
        assert ana.get(page(ours, name)).status_code == 200
    for name in ("contact_new", "company_new", "project_new"):
        assert ana.get(page(ours, name)).status_code == 200
    for noun, row in (("contact", ours.jane), ("company", ours.acme), ("project", ours.one)):
        for act in ("edit", "deletion"):
            assert ana.get(page(ours, f"{noun}_{act}", row.id)).status_code == 200
    assert ana.get(page(ours, "contact_merge", ours.jane.id)).status_code == 200
    assert ana.get(page(ours, "company_merge", ours.acme.id)).status_code == 200


def test_every_row_leads_to_its_timeline(ours: SimpleNamespace, ana: Client) -> None:
    for noun, listed, row in (
        ("contact", "contacts", ours.jane),
        ("company", "companies", ours.acme),
        ("project", "projects", ours.one),
    ):
        timeline = reverse(f"activities:{noun}", args=[ours.slug, row.id])
        assert f'href="{timeline}"' in ana.get(page(ours, listed)).content.decode()


def test_a_list_is_searched_by_name_address_and_domain(ours: SimpleNamespace, ana: Client) -> None:
    for text in ("jan", "JANE@client"):
        shown = ana.get(page(ours, "contacts"), {"q": text}).content.decode()
        assert "Jane" in shown
        assert "Omar" not in shown
    assert "Acme" in ana.get(page(ours, "companies"), {"q": "acme.ex"}).content.decode()
    assert (
        "No company matches" in ana.get(page(ours, "companies"), {"q": "a\x00%_"}).content.decode()
    )


def test_a_long_list_goes_on_where_the_page_ended(ours: SimpleNamespace, ana: Client) -> None:
    with tenancy.in_workspace(ours.id):
        Contact.objects.bulk_create(
            Contact(workspace_id=ours.id, name=f"{'zZ'[n % 2]}oe {n // 3}") for n in range(120)
        )
    url, seen = page(ours, "contacts"), []
    while url:
        shown = ana.get(url).context["page"]
        seen += [row.id for row in shown.rows]
        url = shown.next_url
    assert len(seen) == len(set(seen)) == 123


def test_a_cursor_that_was_not_made_here_starts_at_the_top(
    ours: SimpleNamespace, ana: Client
) -> None:
    shown = ana.get(page(ours, "contacts"), {"after": "W251bGwsMV0:1:x"})
    assert len(shown.context["page"].rows) == 3


def test_a_company_is_created_and_a_refused_domain_keeps_what_was_typed(
    ours: SimpleNamespace, ana: Client
) -> None:
    refused = ana.post(page(ours, "company_new"), {"name": "Beta", "domain": "gmail.com"})
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "public mailbox provider" in shown
    assert 'value="Beta"' in shown
    assert "autofocus" in shown
    made = ana.post(
        page(ours, "company_new"),
        {"name": "Beta", "domain": "beta.example, b.example", "projects": [ours.one.id]},
    )
    assert made.status_code == 303
    with tenancy.in_workspace(ours.id):
        beta = Company.objects.get(name="Beta")
        assert beta.domains.count() == 2
        assert beta.company_projects.get().project_id == ours.one.id


def test_a_domain_of_another_company_can_be_shared_from_the_page(
    ours: SimpleNamespace, ana: Client
) -> None:
    with tenancy.in_workspace(ours.id):
        beta = Company.objects.create(workspace_id=ours.id, name="Beta")
    url = page(ours, "company_domains", beta.id)
    refused = ana.post(url, {"domain": "acme.example"})
    assert refused.status_code == 422
    assert "acme.example belongs to Acme" in refused.content.decode()
    assert 'type="checkbox" name="share"' in refused.content.decode()
    assert ana.post(url, {"domain": "acme.example", "share": "on"}).status_code == 303
    removal = page(ours, "company_domain_removal", beta.id)
    assert ana.post(removal, {"domain": "acme.example"}).status_code == 303
    assert ana.post(removal, {"domain": "acme.example"}, follow=True).status_code == 200
    with tenancy.in_workspace(ours.id):
        assert not beta.domains.exists()


def test_a_company_is_renamed_joins_and_leaves_a_project(
    ours: SimpleNamespace, ana: Client
) -> None:
    assert ana.post(page(ours, "company_edit", ours.acme.id), {"name": ""}).status_code == 422
    assert ana.post(page(ours, "company_edit", ours.acme.id), {"name": "A"}).status_code == 303
    chosen = {"project": ours.two.id}
    assert ana.post(page(ours, "company_projects", ours.acme.id), chosen).status_code == 303
    assert ana.post(page(ours, "company_project_removal", ours.acme.id), chosen).status_code == 303
    assert ana.post(page(ours, "company_projects", ours.acme.id), {"project": "x"}).status_code == (
        404
    )


def test_a_contact_is_created_at_a_company_and_its_errors_name_others(
    ours: SimpleNamespace, ana: Client
) -> None:
    typed = {"name": "Zoe", "address": "jane@client.example", "company": "Acme"}
    refused = ana.post(page(ours, "contact_new"), typed)
    assert refused.status_code == 422
    assert "belongs to Jane" in refused.content.decode()
    refused = ana.post(page(ours, "contact_new"), typed | {"company": "Nowhere"})
    assert "No company is called Nowhere" in refused.content.decode()
    typed |= {"address": "zoe@acme.example", "projects": [ours.one.id]}
    assert ana.post(page(ours, "contact_new"), typed).status_code == 303
    with tenancy.in_workspace(ours.id):
        zoe = Contact.objects.get(name="Zoe")
        assert zoe.company_id == ours.acme.id
        assert zoe.profiles.count() == 1


def test_an_erased_address_asks_before_it_comes_back(ours: SimpleNamespace, ana: Client) -> None:
    with tenancy.in_workspace(ours.id):
        ErasedAddress.objects.create(
            workspace_id=ours.id, address_hash=erasure_hash(ours.id, "zoe@acme.example")
        )
    url, typed = page(ours, "contact_addresses", ours.jane.id), {"address": "zoe@acme.example"}
    refused = ana.post(url, typed).content.decode()
    assert 'type="checkbox" name="lift_erasure"' in refused
    assert ana.post(url, typed | {"lift_erasure": "on"}).status_code == 303


def test_a_contact_is_edited_and_keeps_a_company_whose_name_is_not_the_only_one(
    ours: SimpleNamespace, ana: Client
) -> None:
    with tenancy.in_workspace(ours.id):
        Company.objects.create(workspace_id=ours.id, name="Acme")
        Contact.objects.filter(id=ours.jane.id).update(company=ours.acme)
    url = page(ours, "contact_edit", ours.jane.id)
    assert ana.post(url, {"name": "Janet", "company": "Acme"}).status_code == 303
    url = page(ours, "contact_edit", ours.omar.id)
    ambiguous = ana.post(url, {"name": "Omar", "company": "Acme"})
    assert "More than one company is called Acme" in ambiguous.content.decode()
    assert ana.post(url, {"name": "Omar", "company": "acme.example"}).status_code == 303


def test_addresses_and_profiles_come_and_go(ours: SimpleNamespace, ana: Client) -> None:
    chosen, typed = {"project": ours.two.id}, {"address": "j@home.example"}
    for name, data in (
        ("contact_addresses", typed),
        ("contact_address_removal", typed),
        ("contact_profiles", chosen),
        ("contact_profile_removal", chosen),
    ):
        assert ana.post(page(ours, name, ours.jane.id), data).status_code == 303
    with tenancy.in_workspace(ours.id):
        assert ours.jane.addresses.count() == ours.jane.profiles.count() == 1


def test_a_merge_asks_for_the_one_that_stays(ours: SimpleNamespace, ana: Client) -> None:
    url = page(ours, "contact_merge", ours.omar.id)
    assert ana.post(url, {"into": "nobody@x.example"}).status_code == 422
    assert ana.post(url, {"into": "Omar"}).status_code == 422
    assert ana.post(url, {"into": "jane@client.example"}).status_code == 303
    with tenancy.in_workspace(ours.id):
        assert not Contact.objects.filter(id=ours.omar.id).exists()


def test_a_company_is_merged_and_another_deleted(ours: SimpleNamespace, ana: Client) -> None:
    with tenancy.in_workspace(ours.id):
        beta = Company.objects.create(workspace_id=ours.id, name="Beta")
    assert ana.post(page(ours, "company_merge", beta.id), {"into": "acme.example"}).status_code == (
        303
    )
    assert ana.post(page(ours, "company_deletion", ours.acme.id)).status_code == 303
    assert ana.post(page(ours, "contact_deletion", ours.jane.id)).status_code == 303
    assert ana.get(page(ours, "contact_edit", ours.jane.id)).status_code == 404


def test_a_project_is_created_closed_edited_and_deleted(ours: SimpleNamespace, ana: Client) -> None:
    typed = {"name": "Three", "interaction_type": "Visit", "creates_contacts": "on"}
    refused = ana.post(page(ours, "project_new"), typed)
    assert refused.status_code == 422
    assert "Choose who may see" in refused.content.decode()
    assert (
        ana.post(page(ours, "project_new"), typed | {"member_ids": [ours.ben.id]}).status_code
        == 303
    )
    with tenancy.in_workspace(ours.id):
        three = Project.objects.get(name="Three")
        assert three.named_members.get().member_id == ours.ben.id
    shown = ana.get(page(ours, "projects")).content.decode()
    assert "not you" in shown
    edited = typed | {"open_to_all": "on", "name": "Drei"}
    assert ana.post(page(ours, "project_edit", three.id), edited).status_code == 303
    deletion = page(ours, "project_deletion", three.id)
    assert ana.post(deletion, {"into": three.id}).status_code == 422
    assert ana.post(deletion, {"into": ours.one.id}).status_code == 303


def test_internal_and_public_domains_come_and_go(ours: SimpleNamespace, ana: Client) -> None:
    home = page(ours, "internal_domains")
    refused = ana.post(home, {"domain": "acme.example"})
    assert refused.status_code == 422
    assert "belongs to Acme" in refused.content.decode()
    assert ana.post(home, {"domain": "team.example"}).status_code == 303
    assert ana.post(page(ours, "public_domains"), {"domain": "web.example"}).status_code == 303
    assert ana.post(page(ours, "public_domains"), {"domain": "?"}).status_code == 422
    with tenancy.in_workspace(ours.id):
        internal = InternalDomain.objects.get(domain="team.example")
        public = PublicMailDomain.objects.get()
    assert ana.post(page(ours, "internal_domain_removal", internal.id)).status_code == 303
    assert ana.post(page(ours, "public_domain_removal", public.id)).status_code == 303


def test_the_address_of_a_former_member_is_released_on_the_page(
    ours: SimpleNamespace, ana: Client
) -> None:
    with tenancy.in_workspace(ours.id):
        row = ours.ben.addresses.get()
        ours.ben.deactivated_at = row.verified_at
        ours.ben.save()
    assert "Release" in ana.get(page(ours, "internal_domains")).content.decode()
    assert ana.post(page(ours, "address_release", row.id)).status_code == 303
    with tenancy.in_workspace(ours.id):
        row.refresh_from_db()
        assert row.released_at
    assert ana.post(page(ours, "address_release_removal", row.id)).status_code == 303


def test_a_file_is_checked_then_imported(ours: SimpleNamespace, ana: Client) -> None:
    text = "name,email,company\nZoe,zoe@beta.example,Beta\nBad,not an address,\n"
    file = SimpleUploadedFile("people.csv", text.encode())
    checked = ana.post(page(ours, "import"), {"file": file})
    shown = checked.content.decode()
    assert checked.status_code == 200
    assert "<td>3</td>" in shown
    assert "is not an email address" in shown
    with tenancy.in_workspace(ours.id):
        assert not Contact.objects.filter(name="Zoe").exists()
    done = ana.post(page(ours, "import"), {"text": checked.context["text"], "go": "yes"})
    assert done.status_code == 303
    with tenancy.in_workspace(ours.id):
        assert Contact.objects.get(name="Zoe").company.name == "Beta"


def test_an_import_without_a_readable_file_is_refused(ours: SimpleNamespace, ana: Client) -> None:
    assert ana.post(page(ours, "import"), {}).status_code == 422
    file = SimpleUploadedFile("people.csv", b"\xff\xfe\x00")
    assert ana.post(page(ours, "import"), {"file": file}).status_code == 422


def test_a_viewer_reads_and_changes_nothing(ours: SimpleNamespace, client: Client) -> None:
    with tenancy.in_workspace(ours.id):
        viewer = make_member(ours, "vic", Role.VIEWER)
    client.force_login(viewer.user)
    for name in ("contacts", "companies", "projects", "internal_domains"):
        shown = client.get(page(ours, name))
        assert shown.status_code == 200
        assert "/new/" not in shown.content.decode()
        assert "/edit/" not in shown.content.decode()
    for name, args in (
        ("contact_new", []),
        ("contact_edit", [ours.jane.id]),
        ("company_edit", [ours.acme.id]),
        ("import", []),
        ("project_edit", [ours.one.id]),
    ):
        assert client.get(page(ours, name, *args)).status_code == 404
    assert client.post(page(ours, "internal_domains"), {"domain": "x.example"}).status_code == 404


def test_a_member_edits_people_but_no_projects_or_rules(
    ours: SimpleNamespace, client: Client
) -> None:
    client.force_login(ours.ben.user)
    assert client.get(page(ours, "contact_edit", ours.jane.id)).status_code == 200
    assert client.get(page(ours, "project_edit", ours.one.id)).status_code == 404
    assert client.post(page(ours, "public_domains"), {"domain": "x.example"}).status_code == 404


def test_a_closed_project_is_not_there_for_others(ours: SimpleNamespace, client: Client) -> None:
    with tenancy.in_workspace(ours.id):
        Project.objects.filter(id=ours.two.id).update(open_to_all=False, name="Secret")
        ProjectMember.objects.create(workspace_id=ours.id, project=ours.two, member=ours.ana)
    client.force_login(ours.ben.user)
    for name, args in (
        ("projects", []),
        ("contacts", []),
        ("contact_edit", [ours.omar.id]),
        ("company_edit", [ours.acme.id]),
        ("contact_new", []),
    ):
        assert "Secret" not in client.get(page(ours, name, *args)).content.decode()
    chosen = {"project": ours.two.id}
    assert client.post(page(ours, "contact_profiles", ours.jane.id), chosen).status_code == 404


def test_a_stranger_and_another_workspace_find_nothing(
    ours: SimpleNamespace, rival: SimpleNamespace, client: Client
) -> None:
    client.force_login(rival.ana.user)
    assert client.get(page(ours, "contacts")).status_code == 404
    assert client.get(page(rival, "contact_edit", ours.jane.id)).status_code == 404
    assert client.post(page(rival, "contact_deletion", ours.jane.id)).status_code == 404
    client.logout()
    assert client.get(page(ours, "contacts")).status_code == 302
