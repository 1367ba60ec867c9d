"""Which mail a machine wrote (R11)."""

from activities.matching.facts import Copy, World
from activities.matching.words import AutomatedClass
from contacts.addresses import suffixes


def automated_classes(copy: Copy, world: World) -> tuple[AutomatedClass, ...]:
    """Return the classes of automated mail that a copy belongs to; none for a person's mail.

    The workspace's own lists, known by an internal domain in List-Id, make no bulk.
    """
    header = copy.automated
    if not header:
        return ()
    flags = (
        (AutomatedClass.REPORT, header.report),
        (AutomatedClass.AUTO_REPLY, header.auto_reply),
        (AutomatedClass.CALENDAR_REPLY, header.calendar_reply),
        (AutomatedClass.BULK, header.bulk and not _is_a_team_list(copy.list_id, world)),
    )
    return tuple(name for name, is_set in flags if is_set)


def _is_a_team_list(list_id: str, world: World) -> bool:
    domain = list_id.strip("<> ").rpartition("@")[2].lower()
    return bool(domain) and any(name in world.internal_domains for name in suffixes(domain))
