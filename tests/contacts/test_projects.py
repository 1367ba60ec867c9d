"""Projects: their settings, who may see them, and how one is deleted into another."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Role
from activities.models import Activity, Assignment, Channel, ChannelProject
from contacts.models import Profile, Project
from contacts.problems import DirectoryProblem
from contacts.selectors import (
    administered_projects,
    companies,
    contacts,
    profiles,
    visible_projects,
)
from contacts.services.delete_project import delete_project
from contacts.services.project_settings import (
    ProjectSettings,
    create_project,
    edit_project,
    settings_of,
)
from tests.conftest import make_member
from tests.contacts.asking import noted


def close(inside: SimpleNamespace, project: Project, *members) -> Project:
    named = frozenset(member.id for member in members)
    settings = replace(settings_of(project), open_to_all=False, member_ids=named)
    return edit_project(inside.id, by=inside.ana, project_id=project.id, settings=settings)


def test_a_project_is_made_with_its_settings(inside: SimpleNamespace) -> None:
    settings = ProjectSettings(
        name="Three", interaction_type="Visit", creates_contacts=False, assigns_forwards=True
    )
    made = create_project(inside.id, by=inside.ana, settings=settings)
    made.refresh_from_db()
    assert settings_of(made) == settings
    assert AuditEvent.objects.get(verb="project created").after["name"] == "Three"


def test_a_closed_project_names_who_may_see_it(inside: SimpleNamespace) -> None:
    closed = close(inside, inside.two, inside.ben)
    assert settings_of(closed).member_ids == {inside.ben.id}


def test_a_closed_project_without_members_is_refused(inside: SimpleNamespace) -> None:
    with pytest.raises(DirectoryProblem, match="Choose who may see"):
        close(inside, inside.two)


def test_a_member_of_another_workspace_cannot_be_named(
    inside: SimpleNamespace, rival: SimpleNamespace
) -> None:
    with pytest.raises(DirectoryProblem, match="Choose who may see"):
        close(inside, inside.two, inside.ana, rival.ana)


def test_an_opened_project_forgets_its_list(inside: SimpleNamespace) -> None:
    closed = close(inside, inside.two, inside.ben)
    settings = replace(settings_of(closed), open_to_all=True)
    edit_project(inside.id, by=inside.ana, project_id=closed.id, settings=settings)
    assert settings_of(closed).member_ids == frozenset()


def test_an_open_project_is_seen_by_every_member(inside: SimpleNamespace) -> None:
    viewer = make_member(inside, "vic", Role.VIEWER)
    for member in (inside.ana, inside.ben, viewer):
        assert set(visible_projects(inside.id, member)) == {inside.one, inside.two}


def test_a_closed_project_is_seen_by_the_members_it_names_alone(inside: SimpleNamespace) -> None:
    close(inside, inside.two, inside.ben)
    assert set(visible_projects(inside.id, inside.ben)) == {inside.one, inside.two}
    assert set(visible_projects(inside.id, inside.ana)) == {inside.one}


def test_an_admin_administrates_also_what_they_do_not_see(inside: SimpleNamespace) -> None:
    close(inside, inside.two, inside.ben)
    assert set(administered_projects(inside.id, inside.ana)) == {inside.one, inside.two}
    close(inside, inside.two, inside.ana)
    assert set(administered_projects(inside.id, inside.ben)) == {inside.one}


def test_lists_name_no_project_that_the_member_cannot_see(inside: SimpleNamespace) -> None:
    close(inside, inside.one, inside.ana)
    assert {profile.project for profile in profiles(inside.id, inside.ben)} == {inside.two}
    jane = contacts(inside.id, inside.ben).get(id=inside.jane.id)
    assert list(jane.profiles.all()) == []
    acme = companies(inside.id, inside.ben).get(id=inside.acme.id)
    assert list(acme.company_projects.all()) == []


def test_switching_creation_on_decides_the_mail_of_its_companies_again(
    inside: SimpleNamespace,
) -> None:
    off = replace(settings_of(inside.one), creates_contacts=False)
    edit_project(inside.id, by=inside.ana, project_id=inside.one.id, settings=off)
    assert noted() == []
    on = replace(off, creates_contacts=True)
    edit_project(inside.id, by=inside.ana, project_id=inside.one.id, settings=on)
    assert noted() == [("domain", "acme.example")]


def test_settings_that_stay_the_same_leave_no_trace(inside: SimpleNamespace) -> None:
    settings = settings_of(inside.one)
    edit_project(inside.id, by=inside.ana, project_id=inside.one.id, settings=settings)
    assert not AuditEvent.objects.filter(verb="project edited").exists()


def test_a_project_is_deleted_into_another_with_everything_in_it(inside: SimpleNamespace) -> None:
    channel = Channel.objects.create(
        workspace_id=inside.id, source=Channel.Source.SYNC, owner=inside.ana, name="ana"
    )
    ChannelProject.objects.create(workspace_id=inside.id, channel=channel, project=inside.one)
    activity = Activity.objects.create(
        workspace_id=inside.id, state=Activity.State.LOGGED, occurred_at=timezone.now()
    )
    for project, contact in (
        (inside.one, inside.mia),
        (inside.two, inside.mia),
        (inside.one, inside.jane),
    ):
        Assignment.objects.create(
            workspace_id=inside.id,
            activity=activity,
            project=project,
            contact=contact,
            interaction_type="Email",
            occurred_at=activity.occurred_at,
        )

    delete_project(inside.id, by=inside.ana, project_id=inside.one.id, into_id=inside.two.id)

    assert list(Project.objects.all()) == [inside.two]
    assert channel.channel_projects.get().project == inside.two
    assert {row.contact for row in Assignment.objects.all()} == {inside.mia, inside.jane}
    assert Profile.objects.filter(project=inside.two).count() == 3
    assert noted() == [("everything", "")]


def test_a_project_is_not_deleted_into_itself(inside: SimpleNamespace) -> None:
    with pytest.raises(DirectoryProblem, match="another project"):
        delete_project(inside.id, by=inside.ana, project_id=inside.one.id, into_id=inside.one.id)


def test_who_saw_the_deleted_project_does_not_see_the_other_by_it(inside: SimpleNamespace) -> None:
    close(inside, inside.one, inside.ben)
    close(inside, inside.two, inside.ana)
    delete_project(inside.id, by=inside.ana, project_id=inside.one.id, into_id=inside.two.id)
    assert not visible_projects(inside.id, inside.ben).exists()
