"""The database keeps workspaces apart, whatever the application asks for."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts import tenancy
from accounts.models import AuditEvent, Member
from contacts.models import Company, Contact


def test_without_a_workspace_no_row_is_visible(ours: SimpleNamespace) -> None:
    assert Member.objects.count() == 0
    assert Contact.objects.count() == 0


def test_inside_a_workspace_only_its_rows_are_visible(
    ours: SimpleNamespace, rival: SimpleNamespace
) -> None:
    with tenancy.in_workspace(ours.id):
        assert set(Company.objects.values_list("workspace_id", flat=True)) == {ours.id}


def test_a_row_for_another_workspace_is_refused(
    ours: SimpleNamespace, rival: SimpleNamespace
) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        tenancy.in_workspace(ours.id),
    ):
        Company.objects.create(workspace_id=rival.id, name="Planted")


def test_a_key_into_another_workspace_is_refused(
    ours: SimpleNamespace, rival: SimpleNamespace
) -> None:
    with tenancy.in_workspace(ours.id):
        Contact.objects.create(workspace_id=ours.id, name="Spy", company_id=rival.acme.id)
        with connection.cursor() as cursor, pytest.raises(IntegrityError):
            cursor.execute("set constraints all immediate")
        transaction.set_rollback(True)


def test_a_nested_use_gives_the_outer_workspace_back(
    ours: SimpleNamespace, rival: SimpleNamespace
) -> None:
    with tenancy.in_workspace(ours.id):
        with tenancy.in_workspace(rival.id):
            assert Company.objects.get(name="Acme").workspace_id == rival.id
        assert Company.objects.get(name="Acme").workspace_id == ours.id


def test_an_exception_inside_leaves_no_workspace_behind(ours: SimpleNamespace) -> None:
    with pytest.raises(ZeroDivisionError), tenancy.in_workspace(ours.id):
        1 / 0  # noqa: B018 - the error is the point
    assert Member.objects.count() == 0


def test_the_audit_can_be_written_but_never_changed(inside: SimpleNamespace) -> None:
    event = AuditEvent.objects.create(workspace_id=inside.id, member=inside.ana, verb="tested")
    for forbidden in (
        AuditEvent.objects.filter(id=event.id).update,
        AuditEvent.objects.all().delete,
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            forbidden(**({"verb": "never"} if forbidden.__name__ == "update" else {}))


def test_the_application_role_is_accepted_and_the_owner_of_the_tables_is_not(
    ours: SimpleNamespace,
) -> None:
    tenancy.refuse_unsafe_role()
    with connection.cursor() as cursor:
        cursor.execute("select tableowner from pg_tables where tablename = 'accounts_workspace'")
        assert cursor.fetchone()[0] != connection.settings_dict["USER"]
