"""The one key table: everything that shows a key says the same."""

import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from accounts import shortcuts
from accounts.models import User

ROOT = Path(__file__).parents[2]
ACTS = re.compile(r"""{% act ["']([a-z-]+)["']""")


@pytest.fixture
def ana(ours: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(ours.ana.user)
    return client


def test_the_document_of_the_keys_is_the_table() -> None:
    assert (ROOT / "docs/keys.md").read_text() == shortcuts.as_markdown()


def test_no_key_does_two_things_and_no_sequence_begins_with_a_key_of_its_own() -> None:
    presses = Counter(press for key in shortcuts.TABLE for press in key.presses)
    assert [press for press, times in presses.items() if times > 1] == []
    assert not {press.split(" ")[0] for press in presses if " " in press} & presses.keys()


def test_every_page_that_a_key_leads_to_is_there() -> None:
    for key in shortcuts.TABLE:
        if key.page:
            reverse(key.page, args=["ours"])


def test_templates_name_only_acts_of_the_table() -> None:
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in ACTS.findall(path.read_text())
    }
    assert "assign" in named
    assert named <= shortcuts.BY_NAME.keys()


def test_help_and_palette_show_every_key_and_the_script_reads_the_same(ana: Client) -> None:
    page = ana.get("/w/ours/activities/").content.decode()
    for key in shortcuts.TABLE:
        assert f"<dt>{key.label}</dt>" in page
        assert f'"name": "{key.name}"' in page
        assert (f'id="offer-{key.name}"' in page) == key.palette


def test_who_turns_the_keys_off_gets_none_and_can_turn_them_on_again(
    ours: SimpleNamespace, ana: Client
) -> None:
    profile = {"name": "Ana", "time_zone": "UTC"}
    ana.post("/w/ours/settings/profile/", profile)
    assert not User.objects.get(id=ours.ana.user_id).uses_keys
    page = ana.get("/w/ours/activities/").content.decode()
    assert "key-table" not in page
    assert "aria-keyshortcuts" not in page
    assert "The keys are off." in page
    ana.post("/w/ours/settings/profile/", {**profile, "uses_keys": "on"})
    assert "key-table" in ana.get("/w/ours/activities/").content.decode()
