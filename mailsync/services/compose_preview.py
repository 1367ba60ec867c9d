"""Where a mail would be logged if it were sent as it stands: asked of the engine, nothing kept."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from activities.mail.message import ParsedMessage, Participant, Role
from activities.matching.decision import Decision
from activities.matching.facts import ProfileFact
from activities.matching.words import Outcome, Source
from activities.selectors.visible import Sight
from activities.selectors.why import explain, names_in
from activities.services.history import History
from activities.services.incoming import IncomingCopy
from activities.services.judge import judge
from activities.services.threads import Threads, facts_of
from contacts.models import Project
from contacts.selectors import visible_projects
from mailsync.services.compose_draft import Written
from mailsync.services.compose_recipients import Recipient, read_all
from mailsync.services.compose_senders import sender_named


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody, and the project in which the mail would stand on their timeline."""

    who: str
    project: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of the mail; `outcome` is the engine's word, `reason` its sentence."""

    outcome: str
    places: tuple[Place, ...] = ()
    waiting: tuple[tuple[str, tuple[str, ...]], ...] = ()
    reason: str = ""


def preview(
    workspace_id: uuid.UUID, *, by: Member, sight: Sight, written: Written, root_id: str = ""
) -> Preview:
    """Ask the engine about the mail as it stands. Raises MailboxProblem for a wrong address.

    `root_id` is the thread that it answers, if any. A project that the member does not see, or a
    profile in it, is not asked about.
    """
    written = _seen_part(workspace_id, by, written)
    people = read_all({"to": written.to, "cc": written.cc, "bcc": written.bcc})
    sender = sender_named(workspace_id, by, written.sender)
    message = ParsedMessage(
        participants=(
            Participant(Role.FROM, sender.address),
            *_participants(Role.TO, people["to"]),
            *_participants(Role.CC, people["cc"]),
        ),
        subject=written.subject,
    )
    copy = IncomingCopy(
        source=Source.SENT,
        channel_id=sender.mailbox.channel_id,
        owner_id=by.id,
        provider_id="preview",
        message=message,
        received_at=timezone.now(),
        outgoing=True,
        profile=_profile(written),
        picked_project_id=_picked(written),
    )
    root = root_id or str(uuid.uuid4())
    threads = Threads(of=[root], facts=facts_of(workspace_id, [root]))
    (judged,), _loaded = judge(workspace_id, [copy], threads=threads, history=History())
    return _in_words(sight, judged.decision)


def _seen_part(workspace_id: uuid.UUID, by: Member, written: Written) -> Written:
    """The form may say anything, also where it was refused."""
    if written.project_id is None:
        return written
    if visible_projects(workspace_id, by).filter(id=written.project_id).exists():
        return written
    return replace(written, project_id=None, contact_id=None)


def _participants(role: Role, people: tuple[Recipient, ...]) -> list[Participant]:
    return [Participant(role, one.key, one.name) for one in people]


def _profile(written: Written) -> ProfileFact | None:
    if written.contact_id is None or written.project_id is None:
        return None
    return ProfileFact(str(written.contact_id), str(written.project_id))


def _picked(written: Written) -> str | None:
    if written.contact_id is not None or written.project_id is None:
        return None
    return str(written.project_id)


def _in_words(sight: Sight, decision: Decision) -> Preview:
    data = decision.to_json()
    names = names_in(sight, [data])
    projects = _projects(sight, decision)
    places = tuple(
        Place(
            who=names.get(str(one.contact_id or one.company_id or ""), "") or one.address,
            project=projects.get(str(one.project_id), _("a project that you do not see")),
            is_new=bool(one.creates_contact),
        )
        for one in decision.recorded
    )
    waiting = tuple(
        (
            names.get(str(one.contact_id or one.company_id or ""), "") or one.address,
            tuple(sorted(projects[each] for each in map(str, one.candidates) if each in projects)),
        )
        for one in decision.ambiguous
    )
    reason = ""
    if decision.outcome is not Outcome.LOGGED:
        reason = explain(data, names, owner="", mine=True).headline
    return Preview(decision.outcome.value, places, waiting, reason)


def _projects(sight: Sight, decision: Decision) -> dict[str, str]:
    wanted: set[Any] = {one.project_id for one in decision.recorded}
    wanted.update(each for one in decision.ambiguous for each in one.candidates)
    rows = Project.objects.filter(
        workspace_id=sight.workspace_id, id__in=wanted & {str(one) for one in sight.project_ids}
    )
    return {str(one.id): one.name for one in rows}
