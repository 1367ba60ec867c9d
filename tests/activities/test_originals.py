"""The real copy of a forwarded mail and its forward know each other, whichever came first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import tenancy
from accounts.models import Member
from activities.mail.forward import Forward, Original, Sureness, is_of_the_same_moment
from activities.mail.mime import parse_headers
from activities.models import Activity, Assignment, Message
from activities.selectors.one_activity import shown
from activities.selectors.originals import Related, related
from activities.selectors.visible import sight_of
from contacts.models import Project, ProjectMember
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail
from tests.activities.test_pages import signed_in

MOMENT = datetime(2026, 3, 2, 9, 30, 20, tzinfo=UTC)
JANE = "jane@client.example"
TWIN = "Mon, 02 Mar 2026 09:30:40 +0000"
HEADER = Original(
    sender=JANE, subject="Terms", sent_at=MOMENT.replace(second=0), sureness=Sureness.SURE
)


def original(cast: SimpleNamespace, **mail: str) -> Activity:
    """Jane's mail, logged from Ana's mailbox."""
    fields = {"subject": "Terms", "date": "Mon, 02 Mar 2026 09:30:20 +0000"} | mail
    mailbox = make_channel(cast, cast.ana, cast.one)
    (result,) = arrive(cast, a_copy(mailbox, write_mail(JANE, "ana@ours.example", **fields)))
    return Activity.objects.get(id=result.activity_id)


def forward(cast: SimpleNamespace, header: Original = HEADER) -> Activity:
    """Ana's forward of it to the address of project Two."""
    channel = make_channel(cast, None, cast.two, source="bcc")
    raw = write_mail("ana@ours.example", "two@in.threadwell.localhost", subject="Fwd: Terms")
    copy = a_copy(
        channel, raw, sender=cast.ana, forward=Forward((header,)), forwarded_from=header.sender
    )
    (result,) = arrive(cast, copy)
    return Activity.objects.get(id=result.activity_id)


def found(cast: SimpleNamespace, activity: Activity, member: Member | None = None) -> Related:
    sight = sight_of(cast.id, member or cast.ana)
    mail = shown(sight, activity.id)
    assert mail is not None
    return related(sight, mail)


@pytest.mark.parametrize("first", ["original", "forward"])
def test_both_are_linked_whichever_came_first_and_never_merged(
    inside: SimpleNamespace, first: str
) -> None:
    if first == "original":
        real, passed_on = original(inside), forward(inside)
    else:
        passed_on, real = forward(inside), original(inside)
    assert [one.id for one in found(inside, passed_on).originals] == [real.id]
    assert [one.id for one in found(inside, real).forwards] == [passed_on.id]
    assert Message.objects.count() == 2


def test_an_attached_mail_is_found_by_its_fingerprint(inside: SimpleNamespace) -> None:
    real = original(inside)
    raw = write_mail(JANE, "x@y.example", subject="Terms", date="Mon, 02 Mar 2026 09:30:20 +0000")
    other = parse_headers(raw).fingerprint
    same = bytes(Message.objects.get(id=real.message_id).fingerprint)
    header = replace(HEADER, sent_at=None)
    assert [
        one.id
        for one in found(inside, forward(inside, replace(header, fingerprint=same))).originals
    ] == [real.id]
    assert not found(inside, forward(inside, replace(header, fingerprint=other))).originals


@pytest.mark.parametrize(
    "header",
    [
        replace(HEADER, subject="Other terms"),
        replace(HEADER, sender="omar@client.example"),
        replace(HEADER, sent_at=HEADER.sent_at + timedelta(minutes=5)),
        replace(HEADER, sent_at=None),
        replace(HEADER, sent_at=None, written_at=datetime.fromisoformat("2026-03-02T09:40")),
        replace(HEADER, sender="", sureness=Sureness.UNCLEAR),
    ],
)
def test_another_subject_writer_or_moment_is_another_mail(
    inside: SimpleNamespace, header: Original
) -> None:
    real = original(inside)
    assert not found(inside, forward(inside, header)).originals
    assert not found(inside, real).forwards


def test_of_two_that_fit_none_is_called_the_original(inside: SimpleNamespace) -> None:
    original(inside)
    original(inside, date=TWIN)
    assert not found(inside, forward(inside)).originals


def test_a_mail_that_the_member_may_not_see_takes_no_link_away(inside: SimpleNamespace) -> None:
    """Otherwise the missing link would tell that there is a second such mail, and when it came."""
    real = original(inside)
    passed_on = forward(inside)
    twin = original(inside, date=TWIN)
    closed = Project.objects.create(workspace_id=inside.id, name="Closed", open_to_all=False)
    Assignment.objects.filter(activity=twin).update(project=closed)
    assert not found(inside, passed_on).originals, "Ana sees both."
    with tenancy.in_workspace(inside.id, inside.ben.id):
        assert [one.id for one in found(inside, passed_on, inside.ben).originals] == [real.id]


@pytest.mark.parametrize(
    ("to", "same"),
    [((), True), (("ana@ours.example",), True), (("ana+x@ours.example", "x@y.example"), True),
     (("omar@client.example",), False)],
)  # fmt: skip
def test_a_mail_to_others_is_another_mail(
    inside: SimpleNamespace, to: tuple[str, ...], same: bool
) -> None:
    original(inside)
    assert bool(found(inside, forward(inside, replace(HEADER, to=to))).originals) is same


def test_each_is_shown_only_to_those_who_may_see_it(inside: SimpleNamespace) -> None:
    real, passed_on = original(inside), forward(inside)
    ProjectMember.objects.create(workspace_id=inside.id, project=inside.one, member=inside.ana)
    Project.objects.filter(id=inside.one.id).update(open_to_all=False)
    assert found(inside, passed_on).originals
    with tenancy.in_workspace(inside.id, inside.ben.id):
        assert not found(inside, passed_on, inside.ben).originals
    Project.objects.filter(id=inside.two.id).update(open_to_all=False)
    Project.objects.filter(id=inside.one.id).update(open_to_all=True)
    with tenancy.in_workspace(inside.id, inside.ben.id):
        assert not found(inside, real, inside.ben).forwards


def test_the_pages_say_so(inside: SimpleNamespace) -> None:
    seen_by_ana = signed_in(inside.ana)
    real, passed_on = original(inside), forward(inside)
    for one, words in ((passed_on, "is here too"), (real, "forwarded this mail")):
        url = f"/w/{inside.slug}/activities/{one.id}/"
        assert words in seen_by_ana.get(url).content.decode()


def test_the_page_says_whose_mail_was_forwarded_and_how_sure_that_is(
    inside: SimpleNamespace,
) -> None:
    client = signed_in(inside.ana)
    for header, words in (
        (replace(HEADER, name="Jane Client"), "Jane Client"),
        (replace(HEADER, sender="", name="Jo", sureness=Sureness.NAME_ONLY), "gives no address"),
        (replace(HEADER, sender="", sureness=Sureness.UNCLEAR), "does not say for sure"),
    ):
        page = client.get(f"/w/{inside.slug}/activities/{forward(inside, header).id}/")
        assert words in page.content.decode()


@pytest.mark.parametrize(
    ("clock", "same"),
    [
        ("2026-03-02T09:30:00", True),
        ("2026-03-02T10:30:00", True),
        ("2026-03-02T15:00:00", True),
        ("2026-03-02T23:30:00", True),
        ("2026-03-01T21:30:00", True),
        ("2026-03-03T00:30:00", False),
        ("2026-03-02T09:31:00", False),
        ("2026-03-02T10:29:00", False),
    ],
)
def test_a_clock_without_a_zone_agrees_in_its_minutes(clock: str, same: bool) -> None:
    moment: dict[str, Any] = {"instant": None, "clock": datetime.fromisoformat(clock)}
    assert is_of_the_same_moment(MOMENT, **moment) is same
