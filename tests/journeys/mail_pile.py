"""A pile of mail that touches every outcome, written as one mbox file from a seed."""

import mailbox
import random
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from accounts import tenancy
from activities.models import Activity, Assignment, PrivateMessage, Sighting
from contacts.models import Contact, Profile

PEOPLE = (
    "jane@client.example",  # a contact in One
    "omar@client.example",  # a contact in Two
    "mia@client.example",  # a contact in both
    "nobody@stranger.example",
    "ben@ours.example",  # a colleague
)


def write_pile(path: Path, count: int, seed: int = 7) -> None:
    """Write `count` mails of Ana's: with contacts, newcomers, strangers, lists and twins."""
    dice = random.Random(seed)  # noqa: S311 - a repeatable pile, not a secret
    box = mailbox.mbox(path)
    for number in range(count):
        box.add(_mail(dice, number))
        if dice.random() < 0.02:
            box.add(_mail(dice, number))  # The same Message-ID on another mail.
    box.close()


def _mail(dice: random.Random, number: int) -> EmailMessage:
    mail = EmailMessage()
    newcomer = f"person{dice.randrange(60)}@acme.example"
    other = dice.choice([*PEOPLE, newcomer, newcomer])
    inward = dice.random() < 0.5
    mail["From"], mail["To"] = (
        (other, "ana@ours.example") if inward else ("ana@ours.example", other)
    )
    if dice.random() < 0.3:
        mail["Cc"] = dice.choice([*PEOPLE, newcomer])
    mail["Subject"] = f"Matter {number} {dice.randrange(1000)}"
    mail["Date"] = (
        f"Mon, {1 + number % 28:02d} Jun 2026 10:{number % 60:02d}:{dice.randrange(60):02d} +0000"
    )
    mail["Message-ID"] = f"<{number}@pile.example>"
    if number and dice.random() < 0.5:
        mail["In-Reply-To"] = f"<{dice.randrange(number)}@pile.example>"
    if dice.random() < 0.1:
        mail["List-Id"] = "<news.pile.example>"
    mail.set_content(f"Words of mail {number}.\n" * dice.randrange(1, 40))
    return mail


def standing(cast: SimpleNamespace) -> dict[str, Any]:
    """Everything that an import decided, in words that do not depend on ids or order."""
    with tenancy.in_workspace(cast.id, cast.ana.id):
        sightings = Sighting.objects.values_list("provider_id", "outcome", "rule")
        private = PrivateMessage.objects.values_list("provider_id", "outcome", "rule")
        activities = Activity.objects.values_list(
            "message__fingerprint", "state", "message__snippet"
        )
        assignments = Assignment.objects.values_list(
            "activity__message__fingerprint", "project__name", "contact__addresses__address"
        )
        profiles = Profile.objects.values_list("contact__addresses__address", "project__name")
        return {
            "copies": sorted([*sightings, *private]),
            "activities": sorted((bytes(a).hex(), b, c) for a, b, c in activities),
            "assignments": sorted((bytes(a).hex(), b, c or "") for a, b, c in assignments),
            "contacts": sorted(Contact.objects.values_list("addresses__address", flat=True)),
            "profiles": sorted(profiles),
            "threads": _partition(cast),
        }


def _partition(cast: SimpleNamespace) -> list[list[str]]:
    """Which copies stand in one thread."""
    threads: dict[Any, list[str]] = {}
    for root, copy in PrivateMessage.objects.values_list("thread__root_id", "provider_id"):
        threads.setdefault(root, []).append(copy)
    for root, copy in Sighting.objects.values_list("message__thread__root_id", "provider_id"):
        threads.setdefault(root, []).append(copy)
    return sorted(sorted(copies) for copies in threads.values())
