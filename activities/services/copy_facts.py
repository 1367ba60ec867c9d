"""What a later decision needs to know of a copy that is kept, beside its headers."""

from typing import Any

from activities.mail.message import Role
from activities.matching.words import Insider, Source, Verdict
from activities.services.judge import Judged


def copy_facts(one: Judged) -> dict[str, Any]:
    """The facts as they stand in the copy's row.

    `project` is the one that a sent mail named: by the profile that it was written from, whose
    contact stands beside it, or picked by hand (R7). `note` marks words of a member's own.
    """
    copy = one.copy
    facts: dict[str, Any] = {
        "source": copy.source.value,
        "verdict": copy.verdict.value,
        "forwarded_from": copy.forwarded_from,
    }
    if _is_note(one):
        facts["note"] = True
    if copy.profile is not None:
        facts["project"] = str(copy.profile.project_id)
        facts["contact"] = str(copy.profile.contact_id)
    elif copy.picked_project_id:
        facts["project"] = copy.picked_project_id
    return facts


def _is_note(one: Judged) -> bool:
    """A mail that a member sent to our address alone, in words of their own: a note."""
    copy = one.copy
    if copy.source is not Source.BCC or copy.verdict is not Verdict.MEMBER or copy.forward:
        return False
    writer = {person.address for person in copy.message.with_role(Role.FROM)}
    readers = [taken for taken in one.decision.participants if taken.address not in writer]
    return all(taken.by == Insider.INBOUND for taken in readers)
