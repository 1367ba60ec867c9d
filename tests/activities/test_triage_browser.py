"""Unassigned by keyboard in a real browser: fast, in few keys, and never lost."""

import re
import sys
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from accounts import tenancy
from activities.models import Activity, Channel
from activities.services.assign import Whom, assign
from contacts.models import Company
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.activities.test_pages_browser import sign_in
from tests.conftest import make_workspace
from tests.screens import examine

WATCH_FOCUS = """() => {
  window.lost = 0;
  let began = false;
  const look = () => {
    // A page that has just arrived has its focus nowhere yet.
    began = began || document.activeElement !== document.body;
    if (began && document.activeElement === document.body) window.lost += 1;
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture
def ours(transactional_db: None) -> SimpleNamespace:
    return make_workspace("ours", "ours.example")


def forwarded(cast: SimpleNamespace, sender: str, subject: str) -> Activity:
    """A mail of `sender` that Ana forwarded to the address of project One."""
    raw = write_mail("ana@ours.example", "one@in.threadwell.localhost", subject=subject)
    return waits(cast, raw, forwarded_from=sender)


def bccd(cast: SimpleNamespace, to: str, subject: str) -> Activity:
    """A mail that Ana wrote to `to`, with the address of project One in BCC."""
    return waits(cast, write_mail("ana@ours.example", to, subject=subject))


def waits(cast: SimpleNamespace, raw: bytes, **extra: Any) -> Activity:
    with tenancy.in_workspace(cast.id, cast.ana.id):
        channel = Channel.objects.filter(name="inbound").first() or make_channel(
            cast, None, cast.one, source="bcc"
        )
        (result,) = arrive(cast, a_copy(channel, raw, sender=cast.ana, **extra))
        return Activity.objects.get(id=result.activity_id)


def states(cast: SimpleNamespace) -> dict[str, tuple[str, list[str]]]:
    """Each mail by its subject: its state, and whom it is recorded on."""
    with tenancy.in_workspace(cast.id, cast.ana.id):
        rows = Activity.objects.prefetch_related("assignments__contact", "assignments__company")
        return {
            row.title: (
                row.state,
                sorted(str(one.contact or one.company) for one in row.assignments.all()),
            )
            for row in rows
        }


@pytest.fixture
def ana(ours: SimpleNamespace, live_server: Any, page: Page) -> Iterator[Page]:
    sign_in(page.context, ours, live_server.url)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.pressed = 0
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.asking = set()
    page.on("request", lambda request: page.asking.add(request))
    page.on("requestfinished", lambda request: page.asking.discard(request))
    page.on("requestfailed", lambda request: page.asking.discard(request))
    yield page
    # The tables are emptied next, which a request that still runs would stand in the way of.
    settled(page)
    page.goto("about:blank")


def open_queue(page: Page, live_server: Any, query: str = "") -> None:
    page.goto(f"{live_server.url}/w/ours/activities/unassigned/{query}")
    page.evaluate(WATCH_FOCUS)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.pressed += 1


def settled(page: Page) -> None:
    """Wait until nothing is asked of the server any more; previews are fetched ahead."""
    page.wait_for_timeout(100)
    for _ in range(200):
        if not page.asking:
            return
        page.wait_for_timeout(50)
    raise AssertionError([request.url for request in page.asking])


def row(page: Page, subject: str) -> Any:
    return page.locator("#rows [data-row]").filter(has_text=subject)


def test_fourteen_mails_are_placed_by_keyboard_with_at_most_four_keys_each(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    wanted: dict[str, tuple[str, list[str]]] = {}
    for number in range(3):
        bccd(ours, f"z@new{number}.example", f"Unknown {number}")
        wanted[f"Unknown {number}"] = ("logged", [f"New{number}"])
    for number in range(4):
        forwarded(ours, f"p{number}@acme.example", f"Acme {number}")
        wanted[f"Acme {number}"] = ("logged", ["Acme"])
    for number in range(7):
        forwarded(ours, "jane@client.example", f"Jane {number}")
        wanted[f"Jane {number}"] = ("logged", ["Jane"])
    open_queue(ana, live_server, "?order=newest")
    expect(ana.locator("#rows [data-row]")).to_have_count(14)
    press(ana, "j")
    started, before = time.monotonic(), ana.pressed
    for _ in range(14):
        press(ana, "a", "Enter")
    pressing = time.monotonic() - started
    expect(ana.get_by_text("Nothing is waiting")).to_be_visible(timeout=30_000)
    took = time.monotonic() - started
    sys.stdout.write(f"\n14 mails: keys pressed in {pressing:.1f} s, settled in {took:.1f} s\n")
    assert ana.pressed - before <= 4 * 14
    assert states(ours) == wanted
    assert ana.evaluate("window.lost") == 0
    assert ana.complaints == []


def test_a_row_leaves_at_once_and_undo_brings_it_back_with_the_focus(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    forwarded(ours, "jane@client.example", "Earlier")
    forwarded(ours, "jane@client.example", "Later")
    open_queue(ana, live_server)
    press(ana, "j", "e")
    expect(row(ana, "Later")).to_have_count(0)
    expect(row(ana, "Earlier").get_by_role("link")).to_be_focused()
    expect(ana.locator(".toast")).to_contain_text("1 activity dismissed")
    expect(ana.locator("#live")).to_have_text("1 activity dismissed")
    assert states(ours)["Later"][0] == "dismissed"
    press(ana, "z")
    expect(row(ana, "Later").get_by_role("link")).to_be_focused()
    expect(ana.locator("#live")).to_contain_text("Undone")
    assert states(ours)["Later"][0] == "unassigned"
    expect(ana.locator('.nav .count[data-count="unassigned"]')).to_have_text("2")
    assert ana.evaluate("window.lost") == 0


def test_who_was_second_gets_the_row_back_with_the_name_of_the_first(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    mail = forwarded(ours, "jane@client.example", "Contested")
    forwarded(ours, "jane@client.example", "Other")
    open_queue(ana, live_server)
    with tenancy.in_workspace(ours.id, ours.ben.id):
        assign(
            ours.id,
            by=ours.ben,
            activity_ids=[mail.id],
            whom=[Whom(company_id=ours.acme.id)],
            project_ids=[ours.one.id],
        )
    row(ana, "Contested").get_by_role("link").focus()
    expect(ana.locator(".pane h2")).to_have_text("Contested")
    press(ana, "a", "Enter")
    expect(row(ana, "Contested")).to_contain_text("Ben has already assigned this.")
    expect(ana.locator("#live")).to_contain_text("Ben has already assigned this.")
    assert states(ours)["Contested"] == ("logged", ["Acme"])
    assert ana.evaluate("window.lost") == 0


def test_a_digit_takes_the_suggestion_of_that_number(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    forwarded(ours, "new@acme.example", "Pick")
    open_queue(ana, live_server)
    press(ana, "j")
    expect(ana.locator(".pane [data-candidate]").first).to_contain_text("Acme")
    press(ana, "1")
    expect(ana.locator(".toast")).to_contain_text("1 activity assigned to Acme")
    assert states(ours)["Pick"] == ("logged", ["Acme"])


def test_typing_finds_somebody_else_and_the_first_find_is_taken(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    forwarded(ours, "jane@client.example", "Really about Mia")
    open_queue(ana, live_server)
    press(ana, "j", "a")
    ana.keyboard.type("mia")
    press(ana, "Enter")
    expect(ana.locator(".toast")).to_contain_text("1 activity assigned to Mia")
    assert states(ours)["Really about Mia"] == ("logged", ["Mia"])


def test_a_whole_group_is_selected_and_settled_in_one_decision(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    for number in range(3):
        bccd(ours, f"p{number}@new.example", f"New {number}")
    other = bccd(ours, "z@gmail.com", "Private")
    open_queue(ana, live_server, f"?open={other.id}")
    ana.get_by_role("checkbox", name="Select all of new.example").check()
    expect(ana.get_by_role("toolbar")).to_contain_text("3 selected")
    row(ana, "New 2").get_by_role("link").focus()
    expect(ana.locator(".pane")).to_contain_text("Also places 2 waiting emails. Adds 3 contacts.")
    press(ana, "a", "Enter")
    expect(ana.locator(".toast")).to_contain_text("3 activities assigned to New")
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert Company.objects.get(name="New").domains.get().domain == "new.example"
    expect(ana.locator("[data-group]:visible")).to_have_count(1)
    expect(row(ana, "Private").get_by_role("link")).to_be_focused()
    expect(ana.locator(".pane h2")).to_have_text("Private")
    expect(ana.locator(".pane [name=link_domain]")).to_have_count(0)


def test_range_and_group_buttons_act_on_what_was_meant(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    for number in range(4):
        bccd(ours, f"p{number}@new.example", f"New {number}")
    open_queue(ana, live_server)
    press(ana, "j", "x", "j", "j", "Shift+X")
    expect(ana.get_by_role("toolbar")).to_contain_text("3 selected")
    press(ana, "u")
    expect(ana.get_by_role("toolbar")).to_be_hidden()
    ana.get_by_role("button", name="Dismiss all 4").click()
    expect(ana.locator(".toast")).to_contain_text("4 activities dismissed")
    assert {state for state, _whom in states(ours).values()} == {"dismissed"}


def test_the_head_of_a_group_speaks_of_what_is_left_of_it(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    for number in range(3):
        bccd(ours, f"p{number}@new.example", f"New {number}")
    open_queue(ana, live_server)
    head = ana.locator("#queue [data-group] .group").first
    expect(head.locator("[data-emails]")).to_have_text("3 emails · ")
    expect(head.get_by_role("button", name="Dismiss all 3")).to_be_visible()
    press(ana, "j", "e")
    expect(head.get_by_role("button", name="Dismiss all 2")).to_be_visible()
    expect(head.get_by_role("link", name="Assign all 2")).to_be_visible()
    expect(head.locator("[data-emails]")).to_be_hidden()
    head.get_by_role("link", name="Assign all 2").click()
    expect(ana.locator(".pane h2")).to_have_text(re.compile("New"))
    ana.go_back()
    expect(head.get_by_role("link", name="Assign all 2")).to_be_visible()
    row(ana, "New").first.get_by_role("link").focus()
    press(ana, "e")
    expect(head.get_by_role("button", name="Dismiss all")).to_be_hidden()
    press(ana, "z")
    expect(head.get_by_role("button", name="Dismiss all 2")).to_be_visible()
    assert ana.complaints == []


def test_axe_finds_nothing_while_rows_are_walked_and_selected(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    for number in range(3):
        bccd(ours, f"p{number}@new.example", f"New {number}")
    forwarded(ours, "jane@client.example", "Jane")
    open_queue(ana, live_server)
    press(ana, "j", "x", "j", "w")
    settled(ana)
    examine(ana)
    small = ana.evaluate(
        "Array.from(document.querySelectorAll('#queue button, #queue .btn, #queue summary'))"
        ".filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < 24)"
        ".map((one) => one.outerHTML.slice(0, 120))"
    )
    assert small == []
    assert ana.complaints == []


def test_a_mail_that_stands_further_down_than_the_list_is_the_one_dismissed(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    mails = [bccd(ours, f"p{number}@new.example", f"New {number}") for number in range(6)]
    open_queue(ana, live_server, f"?open={mails[0].id}")
    expect(row(ana, "New 0")).to_have_count(0)
    press(ana, "e")
    expect(ana.locator(".toast")).to_contain_text("1 activity dismissed")
    dismissed = [title for title, (state, _whom) in states(ours).items() if state == "dismissed"]
    assert dismissed == ["New 0"]


def test_keys_pressed_while_a_preview_is_on_its_way_are_kept_for_it(
    ours: SimpleNamespace, ana: Page, live_server: Any
) -> None:
    for number in range(2):
        forwarded(ours, "jane@client.example", f"Jane {number}")
    open_queue(ana, live_server)

    def slowly(route: Route) -> None:
        time.sleep(0.5)
        route.continue_()

    ana.route("**/*part=pane*", slowly)
    press(ana, "j", "j", "a", "Enter")
    expect(row(ana, "Jane 0")).to_have_count(0)
    expect(ana.locator(".toast")).to_contain_text("1 activity assigned to Jane")
    assert states(ours)["Jane 1"][0] == "unassigned"
