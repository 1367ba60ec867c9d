"""What the audit page makes of the facts that were written down."""

import uuid

from accounts.audit_words import in_words

ANA, GONE = str(uuid.uuid4()), str(uuid.uuid4())
NAMES = {ANA: "Ana"}


def test_what_is_empty_is_left_out() -> None:
    assert in_words({"name": "", "company": None, "domains": [], "role": "admin"}, NAMES) == [
        ("role", "admin")
    ]
    assert in_words(None, NAMES) == []


def test_yes_and_no_stand_for_what_a_program_writes() -> None:
    facts = {"open_to_all": True, "looks_back": "False", "count": 0}
    assert in_words(facts, NAMES) == [("open to all", "yes"), ("looks back", "no"), ("count", "0")]


def test_an_id_is_read_as_a_name_and_never_as_an_id() -> None:
    facts = {"member_ids": [ANA, GONE], "id": GONE, "projects": [GONE, GONE]}
    assert in_words(facts, NAMES) == [("member", "Ana, 1 more"), ("projects", "2")]
