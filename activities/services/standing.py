"""Says anew where activities stand: who waits, and which state follows."""

import uuid
from collections.abc import Sequence

from activities.services import rows
from activities.services.kept import Kept, sharing_with
from activities.services.private_rows import Statement


def restate(workspace_id: uuid.UUID, known: Sequence[Kept]) -> Statement:
    """Say anew where activities stand whose message was here before this batch."""
    if not known:
        return None
    sharing = {one.activity_id: sharing_with(one) for one in known}
    banners = {
        one.activity_id: next((c.decision.banner for c in one.copies if c.decision.banner), "")
        for one in known
    }
    changed = [
        {"id": activity, "sharing": sharing[activity], "banner": banners[activity]}
        for activity in sorted(sharing)
    ]
    return (
        restated(
            "j.id = e.id",
            sets="sharing = j.sharing, banner = coalesce(nullif(j.banner, ''), e.banner), ",
            source="json_to_recordset(%s) as j(id uuid, sharing text, banner text)",
        ),
        [rows.to_json(changed), str(workspace_id)],
    )


def restated(condition: str, *, sets: str = "", source: str = "") -> str:
    """The UPDATE that derives an activity's state from its assignments, waits and copies.

    A person's dismissal holds until a hand assigns the mail. `condition` picks the activities
    (table alias e), `sets` more columns, `source` a table to join; parameters in that order, and
    the workspace's id last.
    """
    joined = f" from {source}" if source else ""
    return f"""update activities_activity e set {sets}state = case
        when exists (select 1 from activities_assignment a
            where a.workspace_id = e.workspace_id and a.activity_id = e.id) then 'logged'
        when e.state = 'dismissed' then 'dismissed'
        when exists (select 1 from activities_pendingparticipant p
            where p.workspace_id = e.workspace_id and p.activity_id = e.id) then 'needs_project'
        when e.message_id is null or exists (select 1 from activities_sighting s
            where s.workspace_id = e.workspace_id and s.message_id = e.message_id and s.counts
            and s.copy_facts ->> 'source' <> 'sync') then 'unassigned'
        else 'withdrawn' end{joined} where {condition} and e.workspace_id = %s"""


def settle_pending(workspace_id: uuid.UUID, known: Sequence[Kept]) -> list[Statement]:
    """Who waited through these copies is asked anew; who is recorded now waits no more."""
    if not known:
        return []
    pairs = [
        {"activity": one.activity_id, "channel": str(copy.copy.channel_id)}
        for one in known
        for copy in one.copies
    ]
    recorded = [
        {"activity": one.activity_id, "address": record.address}
        for one in known
        for copy in one.copies
        for record in copy.decision.recorded
    ]
    return [
        (
            "delete from activities_pendingparticipant p using json_to_recordset(%s)"
            " as j(activity uuid, channel uuid) where p.workspace_id = %s"
            " and p.activity_id = j.activity and p.channel_id = j.channel",
            [rows.to_json(pairs), str(workspace_id)],
        ),
        (
            "delete from activities_pendingparticipant p using json_to_recordset(%s)"
            " as j(activity uuid, address text) where p.workspace_id = %s"
            " and p.activity_id = j.activity and p.address = j.address",
            [rows.to_json(recorded), str(workspace_id)],
        ),
    ]
