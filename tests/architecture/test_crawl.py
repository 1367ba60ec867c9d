"""Two workspaces with the same customers: every door of one, asked for what is the other's."""

import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from tests.architecture import crawl, proofs
from tests.architecture.crawl import ApiBodies, Visitor, carries, show, to_sign_in
from tests.architecture.doors import Door
from tests.architecture.inhabit import inhabit

OUTSIDERS: dict[str, Callable[[SimpleNamespace], Visitor]] = {
    "owner": lambda cast: crawl.signed_in(cast.ana, also_api=True),
    "admin": lambda cast: crawl.signed_in(cast.ada),
    "member": lambda cast: crawl.signed_in(cast.ben),
    "viewer": lambda cast: crawl.signed_in(cast.vic),
    "member without the project": lambda cast: crawl.signed_in(cast.cut),
    "member of nothing": lambda cast: _stranger(),
    "anonymous": lambda cast: Visitor(also_api=True),
    "key of the owner": lambda cast: crawl.with_key(cast, cast.ana),
    "key of an admin": lambda cast: crawl.with_key(cast, cast.ada),
    "key of a member": lambda cast: crawl.with_key(cast, cast.ben),
    "key of a viewer": lambda cast: crawl.with_key(cast, cast.vic),
    "key of a member without the project": lambda cast: crawl.with_key(cast, cast.cut),
}


def _stranger() -> Visitor:
    user = User.objects.create_user("stranger@nowhere.example")
    visitor = Visitor()
    visitor.client.force_login(user)
    return visitor


@pytest.fixture
def marker() -> str:
    # Its first letters are searched for, so they never stand alone in a page by chance.
    return f"zq{uuid.uuid4().hex[:12]}"


@pytest.fixture
def quick(settings: Any) -> None:
    # Nobody signs in with a password here, so a slow hash would only be waited for.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.INBOUND_TRUSTED_PEERS = ["127.0.0.1"]


@pytest.fixture
def two(quick: None, ours: SimpleNamespace, rival: SimpleNamespace, marker: str) -> Any:
    """Our places and theirs. Theirs hold the marker in all that was written, and in every text
    column of every table besides.
    """
    mine, theirs = inhabit(ours, "ourword"), inhabit(rival, marker)
    mirror = proofs.Mirror(rival.id, f"{marker}row", member=rival.ana, user=rival.ana.user)
    ours.places, rival.places, rival.mirror = mine, theirs, mirror
    return SimpleNamespace(ours=ours, rival=rival, marker=marker)


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_door_shows_another_workspace_anything(
    two: SimpleNamespace, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    visitor, they = OUTSIDERS[who](two.ours), [two.rival.ana, two.rival.ben]
    before = crawl.contents(two.rival, they)
    wrong = [
        *_at_their_address(two, visitor),
        *_with_their_rows(two, visitor),
        *_with_their_rows_in_a_form(two, visitor),
    ]
    changed = crawl.differences(before, crawl.contents(two.rival, they))
    assert "\n".join([*wrong, *changed]) == ""
    assert two.marker not in caplog.text


def _at_their_address(two: SimpleNamespace, visitor: Visitor) -> list[str]:
    """Their workspace in the address: it does not exist, for anybody."""
    wrong = []
    for door in visitor.doors():
        if not door.in_workspace:
            continue
        url = door.url(two.rival.places)
        for method in crawl.methods(door):
            answer = visitor.ask(method, url)
            if not _refused(door, visitor, answer) or carries(answer, two.marker):
                wrong.append(show(method, url, answer))
    return wrong


def _refused(door: Door, visitor: Visitor, answer: Any) -> bool:
    if door.is_api and not visitor.key:
        return bool(answer.status_code == 401)
    if not door.is_api and not visitor.signed_in:
        return to_sign_in(answer)
    return bool(answer.status_code == crawl.NOT_THERE)


def _with_their_rows(two: SimpleNamespace, visitor: Visitor) -> list[str]:
    """Our workspace in the address, with the ids of their rows: these do not exist either."""
    wrong, bodies = [], ApiBodies()
    for door in visitor.doors():
        if not (door.in_workspace and door.names_a_row):
            continue
        url = door.url(two.rival.places | {"slug": two.ours.slug})
        for method in crawl.methods(door):
            answer = visitor.ask(
                method, url, crawl.body_for(bodies, door, method, two.rival.places)
            )
            if not _absent(door, answer) or carries(answer, two.marker):
                wrong.append(show(method, url, answer))
    return wrong


def _absent(door: Door, answer: Any) -> bool:
    absent = {crawl.NOT_THERE, crawl.WRONG_METHOD}
    if door.is_api:
        # Without a key, and with a key that may not write at all: said before any row is asked for.
        absent |= {401, 403}
    return answer.status_code in absent or to_sign_in(answer)


def _with_their_rows_in_a_form(two: SimpleNamespace, visitor: Visitor) -> list[str]:
    """Our own doors, with the ids of their rows in queries, forms and bodies."""
    wrong, bodies = [], ApiBodies()
    theirs = two.rival.places
    mixed = theirs | {"project": two.ours.places["project"]}
    for door in visitor.doors():
        if door.name in ENDS_THE_VISIT:
            continue
        url = door.url(two.ours.places)
        asked = [("GET", crawl.query(theirs, two.marker[:6]))]
        for method in crawl.methods(door)[1:]:
            asked.append((method, crawl.body_for(bodies, door, method, theirs)))
            asked.append((method, crawl.body_for(bodies, door, method, mixed, whom="company")))
        for method, data in asked:
            answer = visitor.ask(method, url, data)
            if answer.status_code >= 500 or carries(answer, two.marker):
                wrong.append(show(method, url, answer))
    return wrong


ENDS_THE_VISIT = {"account_logout"}

# What answers otherwise than 200 where everything is one's own, each with the reason.
OTHERWISE = {
    "mailsync:setup": "leads on to the step where the setup stands",
    "mailsync:setup_domain": "leads on where there is no domain to ask about",
    "google_return": "nobody has set out for the vendor",
    "microsoft_return": "nobody has set out for the vendor",
    "accounts:home": "leads on to the only workspace",
    "accounts:settings": "leads on to the first page of settings",
    "accounts:invitation": "no invitation has this token",
    "accounts:outbox": "is the demo's alone",
    "home": "leads on to the record",
    "account_login": "leads on who is signed in already",
    "account_signup": "leads on who is signed in already",
    "account_reauthenticate": "leads on where there is nothing to confirm",
    "account_confirm_login_code": "leads on where no code was asked for",
    "account_set_password": "leads on who has a password",
    "account_change_password": "leads on who has none",
    "account_reset_password_from_key": "no mailed link has this key",
    "account_confirm_email": "no mailed link has this key",
}


@pytest.mark.parametrize("kind", ["pages", "api"])
def test_ones_own_doors_open_with_ones_own_rows_and_show_nothing_of_the_others(
    two: SimpleNamespace, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    ours, rival = _owners(two.ours, kind), _owners(two.rival, kind)
    wrong, shown = [], set()
    for door in ours.doors():
        if door.name in ENDS_THE_VISIT:
            continue
        url = door.url(two.ours.places)
        for headers in ({}, {"HX-Request": "true"}):
            answer = ours.ask("GET", url, **headers)
            fine = answer.status_code in {200, crawl.WRONG_METHOD} or door.name in OTHERWISE
            if not fine or carries(answer, two.marker):
                wrong.append(show("GET", url, answer))
        # The same door shows the others their own word, so its absence above says something.
        if door.in_workspace and carries(rival.ask("GET", door.url(two.rival.places)), two.marker):
            shown.add(door.name)
    assert "\n".join(wrong) == ""
    assert len(shown) > (40 if kind == "pages" else 12)
    assert two.marker not in caplog.text


def _owners(cast: SimpleNamespace, kind: str) -> Visitor:
    return crawl.signed_in(cast.ana) if kind == "pages" else crawl.with_key(cast, cast.ana)


@pytest.mark.parametrize("who", ["viewer", "key of a viewer", "anonymous"])
def test_who_may_not_write_changes_nothing(two: SimpleNamespace, who: str) -> None:
    visitor, bodies = OUTSIDERS[who](two.ours), ApiBodies()
    us = [two.ours.ana, two.ours.ben, two.ours.vic]
    # A key notes when it was last used.
    visitor.ask("GET", reverse("contacts_api:contact-list", args=[two.ours.slug]))
    before = crawl.contents(two.ours, us)
    for door in visitor.doors():
        if door.in_workspace and door.name not in ONES_OWN:
            for method in crawl.methods(door)[1:]:
                url = door.url(two.ours.places)
                visitor.ask(method, url, crawl.body_for(bodies, door, method, two.ours.places))
    changed = crawl.differences(before, crawl.contents(two.ours, us))
    assert "\n".join(changed) == ""


# What everybody may do to themselves, whatever their role.
ONES_OWN = {"accounts:profile", "accounts:addresses"}
