"""Workers that are killed for real, at random: nothing lost, nothing twice, every promise kept."""

import random
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts import tenancy
from activities.models import Activity, Assignment, Sighting
from bcc_inbound.models import Delivery
from bcc_inbound.services.verify_deliveries import CHECKS
from tests.bcc_inbound.conftest import a_mail, deliveries, process_all
from tests.bcc_inbound.test_commands import ROOT, environment
from tests.bcc_inbound.test_processing import hand_over, make_due

WORKER = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from uuid import UUID
from bcc_inbound.services.process_deliveries import process_deliveries
print("ready", flush=True)
while process_deliveries(UUID(sys.argv[1]), most=4).claimed:
    pass
"""
PEOPLE = ["jane@client.example", "omar@client.example", "new@acme.example", "x@nobody.example"]


def broken(cast: SimpleNamespace) -> dict[str, int]:
    """The checks of verify_integrity that found something."""
    with tenancy.in_workspace(cast.id), connection.cursor() as cursor:
        found = {}
        for check in CHECKS:
            cursor.execute(check.sql, {"workspace": cast.id, "member": None})
            found[check.name] = cursor.fetchone()[0]
    return {name: count for name, count in found.items() if count}


def outcome(cast: SimpleNamespace) -> list[tuple[str, str, int]]:
    """What became of each mail, by its subject: state, and how many assignments."""
    with tenancy.in_workspace(cast.id):
        return sorted(
            (one.title, one.state, one.assignments.count()) for one in Activity.objects.all()
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_workers_killed_at_random_end_in_the_same_record(
    transactional_db: None, live: SimpleNamespace, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable experiment, no secret
    for number in range(40):
        mail = a_mail(to=PEOPLE[number % len(PEOPLE)], subject=f"mail {number:02}")
        hand_over(live.to_one if number % 3 else live.to_all, mail)
    for _ in range(6):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(live.id)],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert (worker.stdout or iter(())).__next__() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.25))
        worker.kill()
        worker.communicate()
        make_due(live)
    with tenancy.in_workspace(live.id):
        # Each kill counted as an attempt; what is left gets a fresh start, as by "try again".
        Delivery.objects.exclude(state="processed").update(state="due", attempts=0)
    process_all(live)
    assert {one.state for one in deliveries(live)} == {"processed"}
    assert broken(live) == {}
    rows = outcome(live)
    assert [title for title, _, _ in rows] == [f"mail {number:02}" for number in range(40)]
    for number, (_, state, count) in enumerate(rows):
        known = PEOPLE[number % len(PEOPLE)]
        by_address = number % 3 != 0
        logged = known in {"jane@client.example", "new@acme.example"} or (
            known == "omar@client.example" and not by_address
        )
        assert (state, count) == (("logged", 1) if logged else ("unassigned", 0)), number
    with tenancy.in_workspace(live.id):
        assert Sighting.objects.count() == 40
        assert Assignment.objects.count() == sum(count for _, _, count in rows)


def test_every_promise_holds_for_every_ending(live: SimpleNamespace) -> None:
    hand_over(live.to_one)
    hand_over(live.to_one, a_mail("stranger@else.example"))
    hand_over(live.to_one, b"\x00\x00no mail at all")
    process_all(live)
    hand_over(live.to_all)
    assert broken(live) == {}


def test_a_delivery_whose_copy_is_missing_is_found(live: SimpleNamespace) -> None:
    hand_over(live.to_one)
    process_all(live)
    with tenancy.in_workspace(live.id):
        Sighting.objects.update(provider_id="somebody else's")
    assert broken(live) == {"deliveries": 1}


def test_a_mail_that_waits_without_its_bytes_is_found(live: SimpleNamespace) -> None:
    hand_over(live.to_one)
    with tenancy.in_workspace(live.id):
        Delivery.objects.update(raw=None)
    assert broken(live) == {"waiting deliveries": 1}
