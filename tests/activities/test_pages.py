"""The pages of activities, asked for over HTTP as a member who is signed in."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from accounts.models import Member
from activities.models import Activity, Assignment, Attachment, Channel
from activities.services.bodies import blob_path
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail


@pytest.fixture
def seen_by_ana(inside: SimpleNamespace) -> Client:
    return signed_in(inside.ana)


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def a_waiting_mail(cast: SimpleNamespace, sender: str = "z@new.example", **extra: Any) -> Activity:
    channel = Channel.objects.filter(name="inbound").first() or make_channel(
        cast, None, cast.one, source="bcc"
    )
    raw = write_mail("ana@ours.example", sender, **extra)
    (result,) = arrive(cast, a_copy(channel, raw, sender=cast.ana))
    return Activity.objects.get(id=result.activity_id)


def a_logged_mail(cast: SimpleNamespace, **extra: Any) -> Activity:
    channel = Channel.objects.filter(owner=cast.ana).first() or make_channel(
        cast, cast.ana, cast.one
    )
    raw = write_mail("jane@client.example", "ana@ours.example", **extra)
    (result,) = arrive(cast, a_copy(channel, raw))
    return Activity.objects.get(id=result.activity_id)


def get(client: Client, cast: SimpleNamespace, path: str) -> Any:
    return client.get(f"/w/{cast.slug}/{path}")


@pytest.mark.parametrize(
    "path",
    [
        "activities/",
        "activities/?q=Hello&kind=email&arrived=mailbox",
        "activities/unassigned/",
        "activities/unassigned/?order=newest",
        "activities/unassigned/?domain=new.example&all=1",
        "activities/needs-project/",
        "activities/changes/",
        "activities/note/",
        "settings/entries/",
    ],
)
def test_every_list_shows_its_rows_and_teaches_when_it_is_empty(
    inside: SimpleNamespace, seen_by_ana: Client, path: str
) -> None:
    assert get(seen_by_ana, inside, path).status_code == 200
    a_waiting_mail(inside)
    a_logged_mail(inside)
    mailbox = make_channel(inside, inside.ana, inside.one, inside.two)
    arrive(inside, a_copy(mailbox, write_mail("ana@ours.example", "mia@client.example")))
    assert get(seen_by_ana, inside, path).status_code == 200


def test_a_logged_mail_stands_in_activities_and_on_three_timelines(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    a_logged_mail(inside, subject="The floor plan")
    company = inside.acme
    Assignment.objects.update(company=company)
    for path in (
        "activities/",
        f"contacts/{inside.jane.id}/",
        f"companies/{company.id}/",
        f"projects/{inside.one.id}/",
    ):
        assert "The floor plan" in get(seen_by_ana, inside, path).content.decode()


def test_a_mail_that_waits_stands_in_unassigned_and_not_in_activities(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    a_waiting_mail(inside, subject="Who are they")
    assert "Who are they" in get(seen_by_ana, inside, "activities/unassigned/").content.decode()
    assert "Who are they" not in get(seen_by_ana, inside, "activities/").content.decode()


def test_the_preview_opens_the_mail_that_was_asked_for(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    mail = a_waiting_mail(inside, text="The gate code is on the other page.")
    a_waiting_mail(inside, text="Newer and not asked for.")
    page = get(seen_by_ana, inside, f"activities/unassigned/?open={mail.id}").content.decode()
    assert "The gate code is on the other page." in page


def test_a_thread_in_needs_project_offers_its_candidates(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one, inside.two)
    arrive(inside, a_copy(mailbox, write_mail("ana@ours.example", "mia@client.example")))
    page = get(seen_by_ana, inside, "activities/needs-project/").content.decode()
    assert str(inside.one.id) in page
    assert str(inside.two.id) in page
    others = get(signed_in(inside.ben), inside, "activities/needs-project/").content.decode()
    assert str(inside.two.id) not in others


def test_the_page_of_a_mail_says_why_it_was_logged(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    mail = a_logged_mail(inside)
    page = get(seen_by_ana, inside, f"activities/{mail.id}/").content.decode()
    assert "jane@client.example is a contact in One" in page


def test_the_mail_is_served_with_a_policy_that_lets_it_do_nothing(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    mail = a_waiting_mail(inside, text="Only words.")
    answer = get(seen_by_ana, inside, f"activities/{mail.id}/mail/")
    policy = answer["Content-Security-Policy"]
    assert "Only words." in answer.content.decode()
    assert policy.startswith("sandbox")
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy


def test_a_file_is_only_ever_a_download(inside: SimpleNamespace, seen_by_ana: Client) -> None:
    mail = a_waiting_mail(inside)
    default_storage.save(blob_path(inside.id, "ab" * 32), ContentFile(b"<script>x</script>"))
    Attachment.objects.create(
        workspace_id=inside.id,
        message=mail.message,
        position=0,
        name="a\u202egnp.exe",
        content_type="text/html",
        size=18,
        sha256="ab" * 32,
    )
    answer = get(seen_by_ana, inside, f"activities/{mail.id}/files/0/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "\u202e" not in answer["Content-Disposition"]
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert get(seen_by_ana, inside, f"activities/{mail.id}/files/1/").status_code == 404


def test_what_is_absent_and_what_is_not_ours_to_see_is_the_same_404(
    inside: SimpleNamespace, rival: SimpleNamespace, seen_by_ana: Client
) -> None:
    for path in ("activities", "threads", "contacts", "companies", "projects"):
        assert get(seen_by_ana, inside, f"{path}/{rival.id}/").status_code == 404
    assert get(seen_by_ana, rival, "activities/").status_code == 404
    with tenancy.in_workspace(inside.id, inside.ana.id):
        channel = make_channel(inside, None, source="bcc")
        arrive(
            inside,
            a_copy(channel, write_mail("ana@ours.example", "z@new.example"), sender=inside.ana),
        )
        hidden = Activity.objects.get()
    assert get(signed_in(inside.ben), inside, f"activities/{hidden.id}/").status_code == 404
    assert get(seen_by_ana, inside, f"activities/{hidden.id}/").status_code == 200


def test_a_mailbox_that_shares_the_subject_only_shows_no_text_to_colleagues(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    make_channel(inside, inside.ana, inside.one, sharing="metadata")
    mail = a_logged_mail(inside, subject="For my eyes")
    colleague = signed_in(inside.ben)
    for path in ("activities/", f"activities/{mail.id}/", f"contacts/{inside.jane.id}/"):
        assert "For my eyes" not in get(colleague, inside, path).content.decode()
        assert "For my eyes" in get(seen_by_ana, inside, path).content.decode()
    assert "jane@client.example" in get(colleague, inside, "activities/").content.decode()
    assert "Jane" not in get(colleague, inside, "activities/?q=eyes").content.decode()
    assert get(colleague, inside, f"activities/{mail.id}/mail/").status_code == 404


def test_a_thread_shows_a_colleague_nothing_private(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    mailbox = make_channel(inside, inside.ana, inside.one)
    raw = write_mail("ana@ours.example", "ben@ours.example", subject="Between us")
    arrive(inside, a_copy(mailbox, raw))
    with tenancy.in_workspace(inside.id, inside.ana.id):
        from activities.models import PrivateMessage

        thread_id = PrivateMessage.objects.get().thread_id
    assert "Between us" in get(seen_by_ana, inside, f"threads/{thread_id}/").content.decode()
    assert get(signed_in(inside.ben), inside, f"threads/{thread_id}/").status_code == 404


def test_a_forged_cursor_starts_at_the_top(inside: SimpleNamespace, seen_by_ana: Client) -> None:
    a_logged_mail(inside, subject="First of all")
    for forged in ("x", "%00", "eyJ0IjoxfQ"):
        page = get(seen_by_ana, inside, f"activities/?after={forged}")
        assert "First of all" in page.content.decode()


def test_search_input_is_compared_and_never_parsed(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    a_logged_mail(inside, subject="100% done_now")
    for typed, found in (("100%25 done_", True), ("1%25now", False), ("%27%22%29%3B--", False)):
        page = get(seen_by_ana, inside, f"activities/?q={typed}").content.decode()
        assert ("100% done_now" in page) is found


@pytest.mark.parametrize("path", ["activities/", "activities/unassigned/", "activities/changes/"])
def test_a_list_asks_the_same_number_of_queries_whatever_its_rows(
    inside: SimpleNamespace, seen_by_ana: Client, path: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert get(seen_by_ana, inside, path).status_code == 200
        return len(caught)

    a_waiting_mail(inside)
    a_logged_mail(inside)
    queries()
    few = queries()
    for number in range(6):
        a_waiting_mail(inside, sender=f"z@new{number}.example")
        a_logged_mail(inside)
    assert queries() == few


def test_load_more_is_a_link_that_goes_on_after_the_last_row(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    for number in range(52):
        a_logged_mail(inside, subject=f"Mail {number:02}")
    first = get(seen_by_ana, inside, "activities/")
    assert "Mail 51" in first.content.decode()
    assert "Mail 01" not in first.content.decode()
    rest = seen_by_ana.get(first.context["next_url"]).content.decode()
    assert "Mail 01" in rest
    assert "Mail 02" not in rest
    timeline = get(seen_by_ana, inside, f"contacts/{inside.jane.id}/")
    older = seen_by_ana.get(timeline.context["next_url"]).content.decode()
    assert "Mail 01" in older
    assert "Mail 02" not in older


def test_suggestions_are_ranked_with_their_reasons(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    mail = a_waiting_mail(inside, sender="omar@client.example", cc="noreply@acme.example")
    Assignment.objects.all().delete()
    Activity.objects.update(state="unassigned")
    page = get(seen_by_ana, inside, f"activities/unassigned/?open={mail.id}")
    told = [(one.name, one.why) for one in page.context["suggestions"]]
    assert told[:2] == [("Omar", "Is on this mail"), ("Acme", "Has the domain acme.example")]


def test_a_forward_suggests_its_original_sender(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    channel = make_channel(inside, None, inside.one, source="bcc")
    raw = write_mail("ana@ours.example", "one@in.threadwell.localhost", subject="Fwd: Plan")
    arrive(
        inside,
        a_copy(channel, raw, sender=inside.ana, forwarded_from="jane@client.example"),
    )
    page = get(seen_by_ana, inside, "activities/unassigned/")
    best = page.context["suggestions"][0]
    assert (best.name, best.why) == ("Jane", "Wrote the forwarded mail")
    assert page.context["groups"][0].domain == "client.example"
    assert page.context["ticked_projects"] == {str(inside.one.id)}


def test_somebody_is_found_by_a_part_of_name_or_address(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    a_waiting_mail(inside)
    page = get(seen_by_ana, inside, "activities/unassigned/?find=mia@cl")
    assert [one.name for one in page.context["found"]] == ["Mia"]
    assert page.context["ticked_projects"] == {str(inside.one.id)}
    assert not get(seen_by_ana, inside, "activities/unassigned/?find=%25%25").context["found"]


def test_a_private_domain_may_be_linked_and_a_public_providers_never(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    mine = a_waiting_mail(inside, sender="z@new.example")
    theirs = a_waiting_mail(inside, sender="z@gmail.com")
    for mail, domain in ((mine, "new.example"), (theirs, "")):
        page = get(seen_by_ana, inside, f"activities/unassigned/?open={mail.id}")
        assert page.context["link_domain"] == domain


def test_a_row_of_unassigned_says_whom_a_members_own_mail_is_about(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    a_waiting_mail(inside)
    page = get(seen_by_ana, inside, "activities/unassigned/").content.decode()
    row = page[page.index('<li class="mrow"') :].split("</li>")[0]
    assert re.search(r"To <bdi>z@new\.example</bdi>", row)


def test_a_new_company_is_offered_by_its_name_and_its_field_is_open(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    a_waiting_mail(inside)
    page = get(seen_by_ana, inside, "activities/unassigned/").content.decode()
    assert "Create company “New”" in page
    assert '<details id="somebody-new" open>' in page


def test_a_public_mail_provider_names_no_new_company(
    inside: SimpleNamespace, seen_by_ana: Client
) -> None:
    a_waiting_mail(inside, "z@gmail.com")
    page = get(seen_by_ana, inside, "activities/unassigned/").content.decode()
    assert "Create a company" in page
    assert "“Gmail”" not in page
