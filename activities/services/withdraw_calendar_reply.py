"""Withdraws what sync logged before a mail's body showed that it answers an invitation (R11).

Some providers tell only the header. So a calendar reply may be logged like any mail, and the
contact that it seemed to come from may have been made, until its body is fetched.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts import tenancy
from activities.mail.message import ParsedMessage
from activities.matching.decision import Decision
from activities.matching.words import AutomatedClass, Outcome, Source
from activities.models import Activity, Assignment, Message, PendingParticipant, Sighting
from activities.services.judge import judge
from activities.services.return_to_owners import return_to_owners
from activities.services.seen_copies import kept_messages, shared_copy
from activities.services.settle import settle
from activities.services.threads import Threads, facts_of
from contacts.models import Contact
from contacts.problems import DirectoryProblem
from contacts.services.delete_contact import delete_contact

RULE, CODE = "R11", AutomatedClass.CALENDAR_REPLY.value


class _Stays(Exception):
    """The engine would log it all the same, so nothing is undone."""


def withdraw_calendar_reply(workspace_id: uuid.UUID, *, message_id: uuid.UUID) -> bool:
    """Take the engine's own log of this mail back, in the caller's transaction; True when done.

    What a person did stays, and so does mail that was sent in. The mail then goes back to its
    owners' private rows without a body, and a contact that was made for it alone goes too.
    """
    message = Message.objects.select_for_update().get(workspace_id=workspace_id, id=message_id)
    parsed = ParsedMessage.from_json(message.headers)
    if parsed.automated.calendar_reply:
        return False
    message.headers = parsed.with_calendar_reply().to_json()
    message.save(update_fields=["headers"])
    rows = Sighting.objects.filter(workspace_id=workspace_id, message=message)
    copies = list(rows.select_related("channel", "message__thread"))
    activities = Activity.objects.select_for_update().filter(workspace_id=workspace_id)
    activity = activities.filter(message=message).first()
    if activity is None or not _is_the_engines_own(activity, copies):
        return False
    try:
        with transaction.atomic():
            _undo(workspace_id, activity, copies)
    except _Stays:
        return False
    return True


def _is_the_engines_own(activity: Activity, copies: Sequence[Sighting]) -> bool:
    by_hand = Assignment.objects.filter(
        workspace_id=activity.workspace_id, activity=activity
    ).exclude(origin=Assignment.Origin.ENGINE)
    return (
        all(copy.channel.source == Source.SYNC and copy.counts for copy in copies)
        and activity.settled_by_id is None
        and not by_hand.exists()
    )


def _undo(workspace_id: uuid.UUID, activity: Activity, copies: Sequence[Sighting]) -> None:
    made = _contacts_made(activity, copies)
    here = {"workspace_id": workspace_id, "activity": activity}
    Assignment.objects.filter(**here).delete()
    PendingParticipant.objects.filter(**here).delete()
    for contact_id in made:
        _delete_unless_used(workspace_id, contact_id)
    by_owner: dict[uuid.UUID | None, list[Sighting]] = defaultdict(list)
    for copy in copies:
        by_owner[copy.owner_id].append(copy)
    for owner_id, theirs in by_owner.items():
        if not _is_kept_out(workspace_id, owner_id, theirs):
            raise _Stays
    loose = settle(workspace_id, [activity], by=None, at=timezone.now())
    return_to_owners(workspace_id, loose, {}, rule=RULE, code=CODE, args=(CODE,))


def _is_kept_out(
    workspace_id: uuid.UUID, owner_id: uuid.UUID | None, copies: Sequence[Sighting]
) -> bool:
    """What the engine says of these copies now that it knows what they are."""
    with tenancy.in_workspace(workspace_id, owner_id):
        roots = [str(copy.message.thread.root_id) for copy in copies]
        judged, _ = judge(
            workspace_id,
            [shared_copy(copy)[0] for copy in copies],
            threads=Threads(of=roots, facts=facts_of(workspace_id, roots)),
            history=kept_messages(workspace_id, copies),
        )
    return all(
        one.decision.rule == RULE and one.decision.outcome is Outcome.NOT_LOGGED for one in judged
    )


def _contacts_made(activity: Activity, copies: Sequence[Sighting]) -> set[uuid.UUID]:
    """The contacts that the engine made for this mail, and that nobody has looked after since."""
    made_for = {
        one.address
        for copy in copies
        for one in Decision.from_json(copy.decision).recorded
        if one.creates_contact
    }
    rows = Assignment.objects.filter(
        workspace_id=activity.workspace_id, activity=activity, address__in=made_for
    ).exclude(contact=None)
    untouched = Contact.objects.filter(
        workspace_id=activity.workspace_id, id__in=rows.values("contact"), profiles_chosen=False
    )
    return set(untouched.values_list("id", flat=True))


def _delete_unless_used(workspace_id: uuid.UUID, contact_id: uuid.UUID) -> None:
    try:
        delete_contact(workspace_id, by=None, contact_id=contact_id)
    except DirectoryProblem:
        return  # Something else is recorded there, so this contact stands without this mail.
