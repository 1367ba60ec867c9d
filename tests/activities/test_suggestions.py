"""Who is suggested for a waiting mail, in which order, for which reason, at which cost."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import tenancy
from accounts.models import Member
from activities.mail.forward import Forward, Original, Sureness
from activities.models import Activity
from activities.selectors.asked import asked_of, asked_of_page
from activities.selectors.lines import with_rows
from activities.selectors.one_activity import shown
from activities.selectors.suggestions import Suggested, one_click, suggest
from activities.selectors.visible import sight_of, waiting
from activities.services.assign import Whom, assign
from contacts.models import Company, CompanyDomain, Contact, Project, ProjectMember
from tests.activities.mailing import a_copy, arrive, make_channel, write_mail

INBOUND = "one@in.threadwell.localhost"


def forwarding(sender: str = "", name: str = "", *inside: str, **extra: Any) -> Forward:
    first = Original(
        sender=sender,
        name=name,
        sureness=Sureness.SURE if sender else Sureness.NAME_ONLY,
        **extra,
    )
    nested = (Original(sender=one, sureness=Sureness.SURE) for one in inside)
    return Forward((first, *nested))


@pytest.fixture
def desk(inside: SimpleNamespace) -> SimpleNamespace:
    """The cast with an inbound address of project One."""
    inside.address = make_channel(inside, None, inside.one, source="bcc")
    return inside


def drop(
    cast: SimpleNamespace, to: str = INBOUND, forward: Forward | None = None, **mail: str
) -> Activity:
    """A mail that Ana sends to the address."""
    raw = write_mail("ana@ours.example", to, **mail)
    sender = forward.sender if forward else ""
    copy = a_copy(cast.address, raw, sender=cast.ana, forward=forward, forwarded_from=sender)
    (result,) = arrive(cast, copy)
    return Activity.objects.get(id=result.activity_id)


def ask(cast: SimpleNamespace, activity: Activity, member: Member | None = None) -> Suggested:
    sight = sight_of(cast.id, member or cast.ana)
    mail = shown(sight, activity.id)
    assert mail is not None
    return suggest(sight, [asked_of(mail)])[0]


def told(suggested: Suggested) -> list[tuple[str, str]]:
    return [(one.name, one.why) for one in suggested.whom]


def assigned(cast: SimpleNamespace, activity: Activity, whom: Whom, *projects: Project) -> None:
    assign(
        cast.id,
        by=cast.ana,
        activity_ids=[activity.id],
        whom=[whom],
        project_ids=[one.id for one in projects or (cast.one,)],
        expected=activity.state,
    )


def test_the_original_sender_comes_first_and_their_company_after(desk: SimpleNamespace) -> None:
    mail = drop(desk, forward=forwarding("jane@client.example"), subject="Fwd: Terms")
    assert told(ask(desk, mail))[0] == ("Jane", "Wrote the forwarded mail")
    mail = drop(desk, forward=forwarding("new@eu.acme.example"), subject="Fwd: Terms")
    assert told(ask(desk, mail)) == [("Acme", "Has the domain acme.example")]


def test_companies_that_share_a_domain_are_all_suggested(desk: SimpleNamespace) -> None:
    other = Company.objects.create(workspace_id=desk.id, name="Acme Two")
    CompanyDomain.objects.filter(domain="acme.example").update(shared=True)
    CompanyDomain.objects.create(
        workspace_id=desk.id, company=other, domain="acme.example", shared=True
    )
    mail = drop(desk, forward=forwarding("new@acme.example"))
    assert set(told(ask(desk, mail))) == {
        ("Acme", "Shares acme.example"),
        ("Acme Two", "Shares acme.example"),
    }


def test_an_original_sender_who_is_not_sure_is_found_by_name_alone(desk: SimpleNamespace) -> None:
    Contact.objects.filter(id=desk.jane.id).update(name="Jane Client")
    mail = drop(desk, forward=forwarding("", "Jane Client"))
    assert told(ask(desk, mail)) == [
        ("Jane Client", "Has the name of who wrote the forwarded mail")
    ]


def test_what_a_person_chose_for_an_address_is_suggested_for_it(desk: SimpleNamespace) -> None:
    first = drop(desk, to="z@nobody.example")
    assigned(desk, first, Whom(company_id=desk.acme.id))
    again = drop(desk, to="z@nobody.example")
    assert ("Acme", "Chosen before for this address") in told(ask(desk, again))
    colleague = drop(desk, to="y@nobody.example")
    assert told(ask(desk, colleague)) == [("Acme", "Chosen before for this domain")]


def test_what_a_person_chose_for_a_forward_is_suggested_for_the_next(
    desk: SimpleNamespace,
) -> None:
    first = drop(desk, forward=forwarding("z@nobody.example"))
    assigned(desk, first, Whom(company_id=desk.acme.id))
    again = drop(desk, forward=forwarding("z@nobody.example"))
    assert told(ask(desk, again))[0] == ("Acme", "Chosen before for this address")


def test_the_thread_and_the_same_subject_lead_to_where_they_are_recorded(
    desk: SimpleNamespace,
) -> None:
    first = drop(desk, to="z@nobody.example", subject="Lease", message_id="<first@x.example>")
    assigned(desk, first, Whom(company_id=desk.acme.id))
    answer = drop(desk, to="q@else.example", subject="x", in_reply_to="<first@x.example>")
    assert told(ask(desk, answer)) == [("Acme", "Other mails of this thread are recorded there")]


def test_a_choice_in_a_project_that_the_member_may_not_see_is_not_told(
    desk: SimpleNamespace,
) -> None:
    first = drop(desk, to="z@nobody.example", subject="Lease", message_id="<first@x.example>")
    assigned(desk, first, Whom(company_id=desk.acme.id), desk.two)
    ProjectMember.objects.create(workspace_id=desk.id, project=desk.two, member=desk.ana)
    Project.objects.filter(id=desk.two.id).update(open_to_all=False)
    again = drop(desk, to="z@nobody.example", subject="Lease", in_reply_to="<first@x.example>")
    assert told(ask(desk, again))
    with tenancy.in_workspace(desk.id, desk.ben.id):
        assert told(ask(desk, again, desk.ben)) == []


def test_a_name_counts_as_a_whole_and_with_four_letters(desk: SimpleNamespace) -> None:
    Company.objects.create(workspace_id=desk.id, name="Abc")
    Company.objects.create(workspace_id=desk.id, name="Globe Trade")
    mail = drop(desk, to="z@nobody.example", text="About Acmeology, abc and globe trade.")
    assert told(ask(desk, mail)) == [("Globe Trade", "Is named in the text")]


def test_a_note_names_its_company_and_its_project_in_the_subject(desk: SimpleNamespace) -> None:
    Project.objects.filter(id=desk.two.id).update(name="Second Floor")
    desk.address = make_channel(desk, None, source="bcc")
    mail = drop(desk, subject="#second-floor Acme called", text="Jane called me.")
    suggested = ask(desk, mail)
    assert told(suggested)[0] == ("Acme", "Is named in the subject")
    assert [(one.name, one.hashed) for one in suggested.projects] == [("Second Floor", True)]
    sight = sight_of(desk.id, desk.ana)
    mails = asked_of_page(with_rows(waiting(sight), sight))
    quick = one_click(sight, mails[mail.id], suggested)
    assert quick is not None
    assert (quick.whom.name, quick.project_id) == ("Acme", desk.two.id)


def test_a_hidden_project_is_not_named(desk: SimpleNamespace) -> None:
    Project.objects.filter(id=desk.two.id).update(name="Secret", open_to_all=False)
    assert ask(desk, drop(desk, subject="#secret Acme")).projects == ()


def test_nobody_is_one_click_away_where_several_projects_fit(desk: SimpleNamespace) -> None:
    desk.address = make_channel(desk, None, desk.one, desk.two, source="bcc")
    mail = drop(desk, forward=forwarding("mia@client.example"), subject="Fwd: x")
    sight = sight_of(desk.id, desk.ana)
    asked = asked_of_page(with_rows(waiting(sight), sight))[mail.id]
    assert one_click(sight, asked, suggest(sight, [asked])[0]) is None


def test_who_wrote_or_got_a_mail_inside_comes_last(desk: SimpleNamespace) -> None:
    forward = forwarding("z@nobody.example", "Z", "omar@client.example", to=("mia@client.example",))
    assert told(ask(desk, drop(desk, forward=forward))) == [
        ("Omar", "Wrote a mail inside the forwarded one"),
        ("Mia", "Got the forwarded mail"),
    ]


def test_a_page_of_mail_costs_as_many_queries_as_one(desk: SimpleNamespace) -> None:
    sight = sight_of(desk.id, desk.ana)
    counts = []
    for number in range(1, 13):
        drop(
            desk,
            forward=forwarding(f"p{number}@n{number}.example", sent_at=datetime.now(UTC)),
            subject=f"Fwd: Acme {number}",
        )
        drop(desk, to=f"q{number}@m{number}.example", subject=f"Hello {number}")
        if number in (1, 12):
            rows = list(with_rows(waiting(sight), sight))
            with CaptureQueriesContext(connection) as queries:
                asked = asked_of_page(rows)
                answers = suggest(sight, list(asked.values()))
            counts.append(len(queries))
    assert len(answers) == 24
    assert sum(bool(one.whom) for one in answers) == 12
    assert counts[0] == counts[1] <= 18
