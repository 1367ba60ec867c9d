"""The member's own mail as threads: lists, filters, search, one open thread, the building icon."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from activities.models import Activity, Assignment, PrivateMessage, ThreadChoice
from mailsync.inbox import threads
from mailsync.models import Folder, Mailbox
from mailsync.services.connect_mailbox import connect_files
from tests.mailsync.conftest import Account, connect, make_account, record_of, sync
from tests.mailsync.granted import make_vendor_mailbox
from tests.mailsync.views.test_pages import STRANGER, browser, url

MIA = "Mia <mia@client.example>"
FIRST = "<mail-1@client.example>"


@pytest.fixture
def mailbox(ours: SimpleNamespace, account: Account) -> Mailbox:
    """Ana's mailbox on both projects, still empty."""
    return connect(ours, ours.ana, account, ours.one, ours.two)


def lines(client: Client, query: str = "") -> list[Any]:
    answer = client.get(url(f"inbox/{query}"))
    assert answer.status_code == 200
    return list(answer.context["page"].lines)


def subjects(client: Client, query: str = "") -> list[str]:
    return [line.subject for line in lines(client, query)]


def test_a_thread_is_one_line_with_its_people_count_and_newest_time(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1)
    account.put(2, **{"from": STRANGER})
    answer = {"from": "Ana <ana@ours.example>", "to": "jane@client.example"}
    account.put(3, folder="Sent", subject="Re: Mail 1", in_reply_to=FIRST, **answer)
    account.put(4, subject="Re: Mail 1", in_reply_to=FIRST)
    sync(mailbox)
    newest, stranger = lines(browser(ours), "?folder=all")
    assert (newest.subject, newest.count, newest.state) == ("Re: Mail 1", 3, "logged")
    assert (newest.people, newest.first) == ("Jane Doe, me", "Jane Doe")
    assert newest.unread
    assert (stranger.state, stranger.label, stranger.count) == ("only", "No contact", 1)
    assert stranger.reason.startswith("Not logged. Nobody on it is a contact")
    page = browser(ours).get(url("inbox/")).content.decode()
    assert "No contact" in page
    assert "Unread" in page


def test_two_copies_of_one_mail_in_two_folders_count_once(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1)
    account.put(1, folder="Archive")
    sync(mailbox)
    (line,) = lines(browser(ours), "?folder=all")
    assert line.count == 1


def test_a_thread_that_waits_says_so_whatever_else_of_it_is_logged(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1)
    account.put(2, subject="Re: Mail 1", in_reply_to=FIRST, **{"from": MIA})
    sync(mailbox)
    (line,) = lines(browser(ours))
    assert (line.state, [one.name for one in line.candidates]) == ("ask", ["One", "Two"])
    assert line.reason.startswith("Waiting for a project.")


def test_folders_nest_by_their_parents(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    with tenancy.in_workspace(ours.id, ours.ana.id):
        for provider_id, name, parent in (
            ("L2", "Customers/Acme", "L1"),
            ("L1", "Customers", ""),
            ("L3", "Customers/Acme/2026", "L2"),
        ):
            Folder.objects.create(
                workspace_id=ours.id,
                mailbox=mailbox,
                provider_id=provider_id,
                name=name,
                parent=parent,
                selected=True,
            )
    found = browser(ours).get(url("inbox/")).context["folders"]
    named = {one.name: one.depth for one, _picture in found}
    assert named["Acme"] == 1
    assert named["2026"] == 2
    names = [one.name for one, _picture in found]
    assert names.index("Customers") + 1 == names.index("Acme") == names.index("2026") - 1


def test_the_server_tells_which_folder_lies_in_which(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.client.create_folder("Customers")
    account.client.create_folder("Customers/Acme")
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        inner = Folder.objects.get(provider_id__startswith="Customers", name__endswith="Acme")
        assert inner.parent == "Customers"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("invoice", ["Invoice 7"]),
        ("INVOICE", ["Invoice 7"]),
        ("zoe", ["From Zoe"]),
        ("from:zoe@new", ["From Zoe"]),
        ("from:jane", ["Invoice 7", "100% of it"]),
        ("to:ana from:jane invoice", ["Invoice 7"]),
        ("to:zoe", []),
        ('subject:"of it"', ["100% of it"]),
        ("100%", ["100% of it"]),
        ("1%", []),
        ("_nvoice", []),
        ("after:2026-03-02 before:2026-03-03", ["From Zoe", "Invoice 7", "100% of it"]),
        ("before:2026-03-02", []),
        ("is:logged", ["Invoice 7", "100% of it"]),
        ("is:private", ["From Zoe"]),
        ("is:unread from:zoe", ["From Zoe"]),
        ("is:sent", []),
        ("folder:inbox invoice", ["Invoice 7"]),
        ("folder:sent invoice", []),
        ('"from:zoe"', []),
        ("Re: invoice", []),
        ("' or 1=1 --", []),
        ('$.participants[*] "', []),
    ],
)
def test_search_in_ones_own_mail(
    ours: SimpleNamespace, account: Account, typed: str, expected: list[str]
) -> None:
    account.put(1, subject="100% of it")
    account.put(2, subject="Invoice 7")
    account.put(3, subject="From Zoe", **{"from": STRANGER})
    sync(connect(ours, ours.ana, account))
    answer = browser(ours).get(url("inbox/"), {"q": typed})
    assert answer.status_code == 200
    assert [line.subject for line in answer.context["page"].lines] == expected


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("form:jane", "There is no filter “form:”"),
        ("before:tomorrow", "is no day"),
        ("before:2026-02-31", "is no day"),
        ("is:purple", "Mail can be logged"),
        ("folder:nowhere", "reads no folder called"),
        ("from: jane", "without a space"),
        ("x" * 201, "at most 200 characters"),
        ("a b c d e f g h i j k l m", "at most 12 things"),
    ],
)
def test_a_wrong_filter_is_answered_in_a_sentence(
    ours: SimpleNamespace, mailbox: Mailbox, typed: str, sentence: str
) -> None:
    answer = browser(ours).get(url("inbox/"), {"q": typed})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_the_list_narrows_to_one_reason(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1, **{"from": STRANGER})
    account.put(2, **{"from": "Ben <ben@ours.example>"})
    sync(mailbox)
    client = browser(ours)
    assert subjects(client, "?show=not_logged") == ["Mail 2", "Mail 1"]
    assert subjects(client, "?show=not_logged&rule=R4") == ["Mail 2"]
    assert subjects(client, "?show=not_logged&rule=R9") == ["Mail 1"]
    assert subjects(client, "?show=ignored") == []


def test_a_walk_ends_after_so_many_mails_and_says_how_far_it_looked(
    ours: SimpleNamespace,
    account: Account,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "STEPS", ((1, 200), (1, 1_000)))
    account.put(1, subject="Needle")
    account.put(*range(2, 8))
    sync(mailbox)
    client, next_url, seen, pages = browser(ours), url("inbox/?q=needle"), [], 0
    while next_url:
        answer = client.get(next_url)
        page = answer.context["page"]
        seen += [line.subject for line in page.lines]
        next_url, pages = page.next_url, pages + 1
        assert not next_url or b"Look further back" in answer.content
    assert (seen, pages) == (["Needle"], 2)


def test_a_page_of_threads_asks_the_same_number_of_questions_however_long_they_are(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1)
    account.put(2, **{"from": MIA})
    account.put(3, **{"from": STRANGER})
    sync(mailbox)
    client = browser(ours)
    paths = ("inbox/?folder=all", "inbox/?q=mail", "inbox/?show=not_logged")
    counts: list[list[int]] = []
    for first in (4, 24):
        for number in range(first, first + 12):
            parent = f"<mail-{number - 3}@client.example>"
            account.put(number, in_reply_to=parent, **{"from": (MIA, STRANGER)[number % 2]})
        account.put(*range(first + 12, first + 18), **{"from": STRANGER})
        sync(mailbox)
        counts.append([])
        for path in paths:
            client.get(url(path))
            with CaptureQueriesContext(connection) as asked:
                client.get(url(path))
            counts[-1].append(len(asked))
    assert counts[0] == counts[1]


def test_an_open_thread_shows_each_mail_with_its_state_and_the_threads_beside_it(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1, subject="Oldest")
    account.put(2)
    account.put(
        3, subject="Re: Mail 2", in_reply_to="<mail-2@client.example>", **{"from": STRANGER}
    )
    account.put(4, subject="Newest")
    sync(mailbox)
    client = browser(ours)
    newest, middle, oldest = lines(client)
    answer = client.get(url(f"inbox/threads/{middle.root_id}/"))
    page = answer.content.decode()
    items = answer.context["thread"].items
    assert [item.state for item in items] == ["logged", "not_logged"]
    assert f"activities/{items[0].activity_id}/" not in page
    opened = client.get(url(f"inbox/threads/{middle.root_id}/?open={items[0].id}"))
    assert f"activities/{items[0].activity_id}/" in opened.content.decode()
    # The unlogged mail is open, tells why, and offers what would change it.
    assert f"inbox/{items[1].private_id}/body/" in page
    assert "Nobody on it is a contact" in page
    assert "Add a contact" in page
    assert answer.context["newer"].startswith(url(f"inbox/threads/{newest.root_id}/"))
    assert answer.context["older"].startswith(url(f"inbox/threads/{oldest.root_id}/"))


def test_the_threads_beside_follow_the_filter(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1, **{"from": STRANGER})
    account.put(2)
    account.put(3, **{"from": STRANGER})
    sync(mailbox)
    client = browser(ours)
    first, last = lines(client, "?show=not_logged")
    page = client.get(url(f"inbox/threads/{first.root_id}/?show=not_logged"))
    assert page.context["older"].startswith(url(f"inbox/threads/{last.root_id}/"))
    assert "newer" not in page.context


def test_nobody_else_sees_a_thread_its_line_or_finds_it(
    ours: SimpleNamespace, rival: SimpleNamespace, account: Account
) -> None:
    account.put(1, subject="MARKER", **{"from": STRANGER})
    mailbox = connect(ours, ours.ben, account)
    sync(mailbox)
    (line,) = lines(browser(ours, "ben"))
    # Ana has a mailbox of her own, so that her list is no empty page.
    connect(ours, ours.ana, make_account(account.server))
    for page in (f"inbox/threads/{line.root_id}/", f"inbox/threads/{line.root_id}/line/"):
        assert browser(ours, "ben").get(url(page)).status_code == 200
        assert browser(ours).get(url(page)).status_code == 404
        assert browser(rival).get(f"/w/rival/{page}").status_code == 404
    for query in (f"?mailbox={mailbox.id}", "?q=MARKER", f"?mailbox={mailbox.id}&q=is:private"):
        assert "MARKER" not in str(lines(browser(ours), query))
    choose = url(f"threads/{line.root_id}/projects/")
    assert browser(ours).get(choose).status_code == 404


def test_the_building_icon_sorts_the_projects_into_bands(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    from contacts.models import Project
    from tests.conftest import make_company

    with tenancy.in_workspace(ours.id):
        third = Project.objects.create(workspace_id=ours.id, name="Third")
        Project.objects.create(workspace_id=ours.id, name="Empty")
        make_company(ours, "Newco", "new.example", third)
    account.put(1, cc="Zoe <zoe@new.example>", **{"from": MIA})
    sync(mailbox)
    (line,) = lines(browser(ours))
    page = browser(ours).get(url(f"threads/{line.root_id}/projects/"))
    bands = page.context["bands"]
    assert [(one.project.name, one.contacts) for one in bands.fitting] == [
        ("One", ("Mia",)),
        ("Two", ("Mia",)),
    ]
    assert [(one.project.name, one.companies) for one in bands.suggested] == [("Third", ("Newco",))]
    assert [one.project.name for one in bands.empty] == ["Empty"]
    assert b"No contact or company of this thread is in it" in page.content
    # A project that the mailbox is not read for may be named too (R8).
    answer = browser(ours).post(
        url(f"threads/{line.root_id}/projects/"),
        {"project": [str(ours.one.id), str(third.id)]},
    )
    assert answer.status_code == 303
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert set(Assignment.objects.values_list("project__name", flat=True)) == {"One", "Third"}
    inside = browser(ours).get(url(f"threads/{line.root_id}/projects/")).context["bands"].inside
    assert [one.project.name for one in inside] == ["One", "Third"]


def test_a_thread_is_taken_out_where_it_is_in(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1)
    sync(mailbox)
    (line,) = lines(browser(ours))
    removal = url(f"threads/{line.root_id}/projects/removal/")
    answer = browser(ours).post(removal, {"out": str(ours.one.id), "project": str(ours.two.id)})
    assert answer.status_code == 303
    with tenancy.in_workspace(ours.id, ours.ana.id):
        assert not Assignment.objects.exists()
        choice = ThreadChoice.objects.get()
        assert (choice.project_id, choice.added) == (ours.one.id, False)
    (line,) = lines(browser(ours))
    assert (line.state, line.label) == ("only", "Taken out")


def test_by_script_the_choice_is_a_fragment_and_a_refusal_stays_in_the_dialog(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1, **{"from": MIA})
    sync(mailbox)
    client = browser(ours)
    (line,) = lines(client)
    by_script = {"HX-Request": "true"}
    choose = url(f"threads/{line.root_id}/projects/")
    row = {"row": f"t-{line.root_id}", "next": url(f"inbox/threads/{line.root_id}/line/")}
    form = client.get(choose, row, headers=by_script).content.decode()
    assert "<html" not in form
    assert f'hx-target="#t-{line.root_id}"' in form
    refused = client.post(choose, row, headers=by_script)
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#chooser-body")
    assert b"Choose at least one project" in refused.content
    done = client.post(choose, {**row, "project": str(ours.two.id)}, headers=by_script)
    assert (done.status_code, done["Location"]) == (303, row["next"])
    shown = client.get(done["Location"], headers=by_script).content.decode()
    assert "<html" not in shown
    assert 'data-state="logged"' in shown
    assert "1 thread added to Two" in shown


def test_what_names_an_element_is_no_place_for_markup(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1, **{"from": MIA})
    sync(mailbox)
    (line,) = lines(browser(ours))
    choose = url(f"threads/{line.root_id}/projects/")
    asked = {"row": "body", "next": "https://elsewhere.example/"}
    form = browser(ours).get(choose, asked, headers={"HX-Request": "true"}).content.decode()
    assert "hx-post" not in form
    assert "elsewhere" not in form


def test_a_mail_is_taken_back_from_its_thread_and_the_thread_stays_open(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    account.put(1)
    sync(mailbox)
    client = browser(ours)
    (line,) = lines(client)
    thread = url(f"inbox/threads/{line.root_id}/")
    page = client.get(thread).content.decode()
    with tenancy.in_workspace(ours.id, ours.ana.id):
        mail = Activity.objects.get()
    taking = url(f"activities/{mail.id}/taking-back/?next={thread}")
    assert f"activities/{mail.id}/taking-back/?next=" in page
    assert b"The activity goes" in client.get(taking).content
    answer = client.post(taking)
    assert (answer.status_code, answer["Location"]) == (303, thread)
    assert record_of(mailbox) == {"not_logged": ["Mail 1"]}
    assert b"Its owner took it back" in client.get(thread).content
    (line,) = lines(client)
    assert line.label == "Taken back"


def test_the_reason_leads_to_what_would_change_it(
    ours: SimpleNamespace, account: Account, mailbox: Mailbox
) -> None:
    from activities.services.entries import add_entry

    with tenancy.in_workspace(ours.id, ours.ana.id):
        add_entry(ours.id, by=ours.ana, text="new.example", effect="ignore", for_workspace=False)
    account.put(1, **{"from": STRANGER})
    sync(mailbox)
    with tenancy.in_workspace(ours.id, ours.ana.id):
        private = PrivateMessage.objects.get()
    page = browser(ours).get(url(f"inbox/{private.id}/"))
    assert "It matches new.example, which is ignored" in page.content.decode()
    assert page.context["remedy"].url == url("settings/entries/")
    assert subjects(browser(ours), "?show=ignored") == ["Mail 1"]


def test_pages_of_threads_never_show_one_twice(
    ours: SimpleNamespace,
    account: Account,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(threads, "PAGE", 2)
    for number in range(1, 6):
        account.put(number, **{"from": STRANGER})
    for number in range(6, 9):
        account.put(number, in_reply_to=f"<mail-{number - 5}@client.example>")
    sync(mailbox)
    client, next_url, seen = browser(ours), url("inbox/"), []
    while next_url:
        page = client.get(next_url).context["page"]
        seen += [line.root_id for line in page.lines]
        next_url = page.next_url
    assert len(seen) == len(set(seen)) == 5


def test_two_mailboxes_of_one_address_are_told_apart_by_their_service(
    ours: SimpleNamespace, mailbox: Mailbox
) -> None:
    other = make_vendor_mailbox(ours, ours.ana)

    def rail() -> str:
        page = browser(ours).get(url(f"inbox/?mailbox={other.id}")).content.decode()
        return str(page.split('aria-label="Folders"')[1].split("</nav>")[0])

    assert "Gmail" not in rail(), "Two addresses need no more words."
    with tenancy.in_workspace(ours.id, ours.ana.id):
        connect_files(ours.id, by=ours.ana, address=other.address, project_ids=[ours.one.id])
    assert rail().count('<span class="sub">') == 2
    assert "Gmail" in rail()
    assert "Imported files" in rail()
    page = browser(ours).get(url(f"inbox/?mailbox={other.id}")).content.decode()
    cards = browser(ours).get(url("mailboxes/")).content.decode().split("<main")[1]
    assert f'<bdi>{other.address}</bdi></a> <span class="small mute">Gmail</span>' in cards
    assert '<span class="small mute">Imported files</span>' in cards
    assert '<span class="small mute">IMAP</span>' not in cards
    # In one box of its own: what lies loose in a flexible one loses its space.
    assert f'<span class="clip"><bdi>{other.address}</bdi> (Gmail)</span>' in page
