"""The pages of activities in a real browser: hostile mail, no script at all, and axe."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from accounts import tenancy
from activities.mail.sanitise import sanitise
from activities.models import Activity, Assignment, MessageBody
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.activities.test_pages import a_logged_mail, a_waiting_mail
from tests.conftest import make_workspace
from tests.screens import look

HOSTILE = """<p>Hello</p><img src=x onerror="top.document.title='owned';document.title='owned'">
<script>document.title='owned';try{top.document.title='owned'}catch(e){}</script>
<svg onload="document.title='owned'"></svg><a href="javascript:document.title='owned'">x</a>"""


@pytest.fixture
def ours(transactional_db: None) -> SimpleNamespace:
    return make_workspace("ours", "ours.example")


@pytest.fixture
def hostile(ours: SimpleNamespace) -> Activity:
    """A mail whose stored HTML was never sanitised, as if that layer had failed."""
    with tenancy.in_workspace(ours.id, ours.ana.id):
        mail = a_waiting_mail(ours)
        MessageBody.objects.filter(message=mail.message).update(html=HOSTILE)
        return mail


def sign_in(context: Any, ours: SimpleNamespace, url: str) -> None:
    client = Client()
    client.force_login(ours.ana.user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([{**cookie, "url": url}])


@pytest.fixture
def ana(ours: SimpleNamespace, live_server: Any, page: Page) -> Page:
    sign_in(page.context, ours, live_server.url)
    return page


def without_policy(route: Route) -> None:
    answer = route.fetch()
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name.lower() != "content-security-policy"
    }
    route.fulfill(response=answer, headers=headers)


def test_without_any_layer_the_hostile_mail_would_run(page: Page) -> None:
    page.set_content(f"<title>safe</title>{HOSTILE}")
    page.wait_for_timeout(200)
    assert page.title() == "owned"


def test_sanitising_alone_leaves_nothing_that_runs(page: Page) -> None:
    page.set_content(f"<title>safe</title>{sanitise(HOSTILE).html}")
    page.wait_for_timeout(200)
    assert page.title() == "safe"


def test_the_policy_of_the_mail_alone_stops_its_scripts(
    hostile: Activity, ana: Page, live_server: Any
) -> None:
    ana.goto(f"{live_server.url}/w/ours/activities/{hostile.id}/mail/")
    ana.wait_for_timeout(200)
    assert ana.title() == "Email"
    assert ana.evaluate("self.origin") == "null"


def test_the_sandbox_of_the_frame_alone_stops_its_scripts(
    hostile: Activity, ana: Page, live_server: Any
) -> None:
    ana.route("**/mail/", without_policy)
    ana.goto(f"{live_server.url}/w/ours/activities/{hostile.id}/")
    frame = ana.frame_locator("iframe")
    expect(frame.get_by_text("Hello")).to_be_visible()
    ana.wait_for_timeout(200)
    assert "owned" not in ana.title()
    assert ana.frames[1].title() == "Email"


def test_a_mail_loads_nothing_from_anywhere(hostile: Activity, ana: Page, live_server: Any) -> None:
    with tenancy.in_workspace(hostile.workspace_id):
        MessageBody.objects.filter(message=hostile.message_id).update(
            html='<img src="http://tracker.example/p.gif"><p>Read me</p>'
        )
    asked: list[str] = []
    ana.on("requestfinished", lambda request: asked.append(request.url))
    ana.goto(f"{live_server.url}/w/ours/activities/{hostile.id}/")
    expect(ana.frame_locator("iframe").get_by_text("Read me")).to_be_visible()
    assert not [url for url in asked if "tracker.example" in url]


def test_three_mails_are_triaged_without_any_script(
    ours: SimpleNamespace, browser: Browser, live_server: Any
) -> None:
    with tenancy.in_workspace(ours.id, ours.ana.id):
        for sender in ("a@acme.example", "b@new.example", "c@new.example"):
            a_waiting_mail(ours, sender=sender, subject=f"From {sender}")
        Assignment.objects.all().delete()
        Activity.objects.update(state="unassigned")
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, ours, live_server.url)
    page = context.new_page()
    page.goto(f"{live_server.url}/w/ours/activities/unassigned/")
    page.get_by_role("link", name="From a@acme.example").click()
    page.locator('[name=whom][value^="company:"]').check()
    page.get_by_role("checkbox", name="One").check()
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("1 activity assigned to Acme")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone:")).to_be_visible()
    page.goto(f"{live_server.url}/w/ours/activities/unassigned/?domain=new.example&all=1")
    page.get_by_role("radio", name="Create company").check()
    page.get_by_role("checkbox", name="One").check()
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("2 activities assigned to New")).to_be_visible()
    page.get_by_role("link", name="From a@acme.example").click()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("Nothing is waiting")).to_be_visible()
    context.close()


def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    with tenancy.in_workspace(ours.id, ours.ana.id):
        logged, waiting = a_logged_mail(ours), a_waiting_mail(ours)
        mailbox = make_channel(ours, ours.ana, ours.one, ours.two)
        arrive(ours, a_copy(mailbox, write_mail("ana@ours.example", "mia@client.example")))
        thread_id = logged.thread_id
    complaints: list[str] = []
    ana.on("console", lambda line: complaints.append(line.text))
    for path in (
        "activities/",
        "activities/unassigned/",
        f"activities/unassigned/?open={waiting.id}",
        "activities/needs-project/",
        "activities/changes/",
        "activities/note/",
        f"activities/{logged.id}/",
        f"activities/{waiting.id}/",
        f"threads/{thread_id}/",
        f"contacts/{ours.jane.id}/",
        f"companies/{ours.acme.id}/",
        f"projects/{ours.one.id}/",
        "settings/entries/",
    ):
        look(ana, f"{live_server.url}/w/ours/{path}")
    assert complaints == []
