"""Two owners act on one another at the same moment, on two connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts import tenancy
from accounts.models import Member, Role
from accounts.problems import PeopleProblem
from accounts.services.members import deactivate
from tests.conftest import make_workspace


@pytest.fixture
def ours(transactional_db: None) -> SimpleNamespace:
    cast = make_workspace("ours", "ours.example")
    with tenancy.in_workspace(cast.id):
        Member.objects.update(role=Role.OWNER)
        cast.ana, cast.ben = Member.objects.order_by("name").select_related("user")
    return cast


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_owners_who_leave_at_the_same_moment_one_stays(
    ours: SimpleNamespace, attempt: int
) -> None:
    together = Barrier(2)

    def leave(member: Member) -> bool:
        try:
            together.wait(timeout=10)
            return deactivate(ours.id, member, member_id=member.id) is not None
        except PeopleProblem:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        left = list(pool.map(leave, [ours.ana, ours.ben]))
    assert sorted(left) == [False, True]
    with tenancy.in_workspace(ours.id):
        assert Member.objects.filter(role=Role.OWNER, deactivated_at=None).count() == 1
