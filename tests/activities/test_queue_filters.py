"""The filters of Unassigned, the preview alone, and the short answers to acts of its script."""

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.models import Activity, Assignment, Entry
from activities.services.assign import Whom, assign
from contacts.models import ProjectCompany
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.activities.test_pages import get, signed_in


@pytest.fixture
def ana(inside: SimpleNamespace) -> Client:
    return signed_in(inside.ana)


@pytest.fixture
def queue(inside: SimpleNamespace) -> dict[str, Activity]:
    """A forward of Jane's and a stranger's mail through One, and an ignored one through Two."""
    one = make_channel(inside, None, inside.one, source="bcc")
    two = make_channel(inside, None, inside.two, source="bcc")
    Entry.objects.create(
        workspace_id=inside.id, value="news.example", kind="domain", effect="ignore"
    )
    mails = {
        "forward": (one, "one@in.threadwell.localhost", {"forwarded_from": "jane@client.example"}),
        "stranger": (one, "z@new.example", {}),
        "ignored": (two, "x@news.example", {}),
    }
    found = {}
    for name, (channel, to, extra) in mails.items():
        raw = write_mail("ana@ours.example", to, subject=name)
        (result,) = arrive(inside, a_copy(channel, raw, sender=inside.ana, **extra))
        found[name] = Activity.objects.get(id=result.activity_id)
    return found


def titles(client: Client, cast: SimpleNamespace, query: str) -> set[str]:
    page = get(client, cast, f"activities/unassigned/?{query}")
    assert page.status_code == 200
    return {line.title for line in page.context["lines"]}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("kind=forward", {"forward"}),
        ("kind=suggested", {"forward"}),
        ("kind=kept-out", {"ignored"}),
        ("arrived=sent", set()),
        ("arrived=bcc&kind=forward", {"forward"}),
        ("q=stranger", {"stranger"}),
        ("domain=", set()),
        ("kind=nonsense&arrived=nonsense&project=nonsense", {"forward", "stranger", "ignored"}),
    ],
)
def test_each_filter_shows_what_it_names_and_nonsense_narrows_nothing(
    inside: SimpleNamespace, ana: Client, queue: Any, query: str, wanted: set[str]
) -> None:
    assert titles(ana, inside, query) == wanted


def test_a_project_shows_what_came_by_its_own_address(
    inside: SimpleNamespace, ana: Client, queue: Any
) -> None:
    assert titles(ana, inside, f"project={inside.one.id}") == {"forward", "stranger"}
    assert titles(ana, inside, f"project={inside.two.id}") == {"ignored"}


def test_the_filters_stay_in_every_link_of_the_page(
    inside: SimpleNamespace, ana: Client, queue: Any
) -> None:
    page = get(ana, inside, "activities/unassigned/?kind=forward&order=newest").content.decode()
    assert f"?kind=forward&amp;order=newest&amp;open={queue['forward'].id}" in page


def test_a_filtered_page_asks_as_often_for_many_rows_as_for_one(
    inside: SimpleNamespace, ana: Client, queue: Any
) -> None:
    query = f"?order=newest&kind=suggested&project={inside.one.id}"
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            get(ana, inside, f"activities/unassigned/{query}")
        counts.append(len(asked))
        channel = make_channel(inside, None, inside.one, source="bcc")
        for number in range(6):
            raw = write_mail("ana@ours.example", "one@in.threadwell.localhost")
            sender = f"p{number}@acme.example"
            arrive(inside, a_copy(channel, raw, sender=inside.ana, forwarded_from=sender))
    assert counts[0] == counts[1]


def test_the_preview_alone_holds_the_form_and_no_list(
    inside: SimpleNamespace, ana: Client, queue: Any
) -> None:
    mail = queue["forward"]
    part = get(ana, inside, f"activities/unassigned/?part=pane&open={mail.id}").content.decode()
    assert 'id="assign"' in part
    assert "Wrote the forwarded mail" in part
    assert "<html" not in part
    gone = get(ana, inside, f"activities/unassigned/?part=pane&open={uuid.uuid4()}")
    assert "no longer here" in gone.content.decode()


def act(client: Client, cast: SimpleNamespace, what: str, **data: Any) -> Any:
    return client.post(f"/w/{cast.slug}/activities/{what}/", {"part": "answer", **data})


def test_an_act_of_the_script_is_answered_with_its_toast_and_the_counts(
    inside: SimpleNamespace, ana: Client, queue: Any
) -> None:
    answer = act(ana, inside, "dismissal", id=queue["stranger"].id)
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "1 activity dismissed" in said
    assert '<data data-count="unassigned" value="2">' in said
    # The toast was shown here, so no later page shows it again.
    assert "1 activity dismissed" not in get(ana, inside, "activities/unassigned/").content.decode()


def test_a_refused_act_of_the_script_says_why_in_one_sentence(
    inside: SimpleNamespace, ana: Client, queue: Any
) -> None:
    mail = queue["stranger"]
    missing = act(ana, inside, "assignment", id=mail.id, expected="unassigned")
    assert missing.status_code == 422
    assert "Choose" in missing.content.decode()
    assert act(ana, inside, "dismissal", id=uuid.uuid4()).status_code == 404
    assign(
        inside.id,
        by=inside.ben,
        activity_ids=[mail.id],
        whom=[Whom(company_id=inside.acme.id)],
        project_ids=[inside.one.id],
    )
    second = act(ana, inside, "dismissal", id=mail.id)
    assert second.status_code == 409
    assert "Ben has already assigned this" in second.content.decode()


def test_always_to_this_project_joins_the_company_to_it_and_undo_takes_that_back(
    inside: SimpleNamespace, ana: Client, queue: Any
) -> None:
    data = {"id": queue["stranger"].id, "whom": f"company:{inside.acme.id}"}
    act(ana, inside, "assignment", **data, projects=inside.two.id)
    rows = ProjectCompany.objects.filter(company=inside.acme, project=inside.two)
    assert not rows.exists()
    data["id"] = queue["ignored"].id
    said = act(ana, inside, "assignment", **data, projects=inside.two.id, always="yes")
    assert rows.exists()
    undo = said.content.decode().split('method="post" action="')[1].split('"')[0]
    assert ana.post(undo, {"part": "answer"}).status_code == 200
    assert not rows.exists()
    assert Assignment.objects.filter(activity=queue["ignored"]).count() == 0


def test_a_forward_is_not_counted_among_what_a_linked_domain_places(
    inside: SimpleNamespace, ana: Client, queue: Any
) -> None:
    channel = make_channel(inside, None, inside.one, source="bcc")
    for extra, to in (
        ({"forwarded_from": "y@new.example"}, "one@in.threadwell.localhost"),
        ({}, "noreply@new.example"),
        ({}, "second@new.example"),
    ):
        arrive(
            inside, a_copy(channel, write_mail("ana@ours.example", to), sender=inside.ana, **extra)
        )
    page = get(ana, inside, f"activities/unassigned/?open={queue['stranger'].id}")
    effect = page.context["effect"]
    assert (effect.places, effect.adds) == (2, 2)


def test_a_link_fills_in_the_sender_to_block(inside: SimpleNamespace, ana: Client) -> None:
    page = get(ana, inside, "settings/entries/?value=spam@new.example&effect=block")
    assert 'value="spam@new.example"' in page.content.decode()
    assert page.context["form"]["effect"].value() == "block"
