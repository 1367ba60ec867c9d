"""A folder whose message numbers mean nothing any more is read again, and nothing is doubled.

The ids of its rows are set aside under a prefix. As the folder is read again, an id that still
means the same gets its row back without being fetched; any other message finds its row by what it
is (the fingerprint of R12, or time and subject) and gives it the new id, with its decision
untouched. What found no message by the end is gone at the provider.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from activities.models import Sighting
from activities.services import rows
from activities.services.incoming import IncomingCopy
from mailsync.models import Mailbox
from mailsync.services.copies import Known, forget_private, lose

PREFIX = "expired:"
_TABLES = ("activities_privatemessage", "activities_sighting")
# An imported mail was never the provider's, so the provider cannot take it away.
IMPORTED = "provider_id ~ '^[0-9a-f]{64}:[0-9]+$'"
_SET_ASIDE = f"provider_id like '{PREFIX}%%'"
_OLD_ID = f"substring(provider_id from '^{PREFIX}[0-9]+:(.*)$')"


def set_ids_aside(mailbox: Mailbox, scope: str | None) -> None:
    """Set the ids of a folder's rows aside (None: of the whole mailbox)."""
    within = "and scopes @> %s::jsonb" if scope is not None else ""
    bound = [rows.to_json([scope])] if scope is not None else []
    # The fence makes the new id unique, also when a folder expires for a second time.
    prefix = f"{PREFIX}{mailbox.fence}:"
    for table in _TABLES:
        alive = "and gone_at is null" if table == "activities_sighting" else ""
        rows.run(
            [
                (
                    f"update {table} set provider_id = left(%s || provider_id, 500)"
                    " where workspace_id = %s and channel_id = %s"
                    f" and not {_SET_ASIDE} and not {IMPORTED} {within} {alive}",
                    [prefix, *_way(mailbox), *bound],
                )
            ]
        )


def ids_set_aside(mailbox: Mailbox, refs: Sequence[str]) -> dict[str, Known]:
    """Rows that were set aside under exactly these ids. One query."""
    asked = [*_way(mailbox), list(refs)]
    return {row[1]: Known(*row) for row in rows.fetch((_ASIDE, asked * 2))}


def give_ids_back(mailbox: Mailbox, refs: Sequence[str]) -> None:
    """These ids still mean what they meant: their rows have them again."""
    if not refs:
        return
    rows.run(
        [
            (
                f"update {table} set provider_id = {_OLD_ID}"
                f" where workspace_id = %s and channel_id = %s and {_SET_ASIDE} {alive}"
                f" and {_OLD_ID} = any(%s)",
                [*_way(mailbox), list(refs)],
            )
            for table, alive in zip(_TABLES, ("", "and gone_at is null"), strict=True)
        ]
    )


def original_id(provider_id: str) -> str:
    """The provider's own id, also of a row that is set aside."""
    found = re.match(rf"{PREFIX}\d+:(.*)", provider_id, re.DOTALL)
    return found.group(1) if found else provider_id


def match_again(mailbox: Mailbox, copies: Sequence[IncomingCopy]) -> set[str]:
    """Give rows that were set aside the ids of these copies; returns the ids that found a row."""
    waiting = _waiting_rows(mailbox, copies)
    renamed: dict[str, list[dict[str, str]]] = defaultdict(list)
    found = set()
    for copy in copies:
        for key in _keys(copy):
            while waiting[key] and waiting[key][-1].get("used"):
                waiting[key].pop()
            if waiting[key]:
                row = waiting[key].pop()
                row["used"] = "yes"
                renamed[row["table"]].append({"id": row["id"], "ref": copy.provider_id})
                found.add(copy.provider_id)
                break
    rows.run(
        [
            (
                f"update {table} c set provider_id = j.ref"
                " from json_to_recordset(%s) as j(id uuid, ref text)"
                " where c.workspace_id = %s and c.id = j.id",
                [rows.to_json(pairs), str(mailbox.workspace_id)],
            )
            for table, pairs in renamed.items()
        ]
    )
    return found


def forget_unmatched(mailbox: Mailbox) -> None:
    """The folders are read: rows that found no message are gone at the provider (C4)."""
    lose(
        mailbox,
        Sighting.objects.filter(
            workspace_id=mailbox.workspace_id,
            channel_id=mailbox.channel_id,
            gone_at=None,
            provider_id__startswith=PREFIX,
        ),
    )
    forget_private(f"workspace_id = %s and channel_id = %s and {_SET_ASIDE}", [*_way(mailbox)])


def _waiting_rows(
    mailbox: Mailbox, copies: Sequence[IncomingCopy]
) -> dict[tuple[str, ...], list[dict[str, str]]]:
    prints = [copy.message.fingerprint for copy in copies if copy.message.fingerprint]
    times = [copy.received_at for copy in copies if not copy.message.fingerprint]
    ids = [copy.provider_id for copy in copies]
    asked = [*_way(mailbox), ids, prints, times]
    waiting: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for table, row_id, old_id, fingerprint, received_at, subject in rows.fetch((_SQL, asked * 2)):
        row = {"table": table, "id": str(row_id)}
        waiting["id", old_id].append(row)
        if fingerprint is not None:
            waiting["fingerprint", bytes(fingerprint).hex()].append(row)
        else:
            waiting["time", received_at.isoformat(), subject].append(row)
    return waiting


def _keys(copy: IncomingCopy) -> list[tuple[str, ...]]:
    if copy.message.fingerprint:
        what: tuple[str, ...] = ("fingerprint", copy.message.fingerprint.hex())
    else:
        what = ("time", copy.received_at.isoformat(), copy.message.subject[:998])
    return [("id", copy.provider_id), what]


_ASIDE = f"""
select id, {_OLD_ID}, received_at, out_of_scope, false from activities_privatemessage
where workspace_id = %s and channel_id = %s and {_SET_ASIDE} and {_OLD_ID} = any(%s)
union all
select id, {_OLD_ID}, received_at, '', true from activities_sighting
where workspace_id = %s and channel_id = %s and {_SET_ASIDE} and gone_at is null
  and {_OLD_ID} = any(%s)
"""

_SQL = f"""
select 'activities_privatemessage', id, {_OLD_ID}, fingerprint, received_at, subject
from activities_privatemessage where workspace_id = %s and channel_id = %s and {_SET_ASIDE}
  and ({_OLD_ID} = any(%s) or fingerprint = any(%s::bytea[])
       or (fingerprint is null and received_at = any(%s::timestamptz[])))
union all
select 'activities_sighting', s.id, {_OLD_ID}, m.fingerprint, s.received_at, m.subject
from activities_sighting s join activities_message m
  on m.workspace_id = s.workspace_id and m.id = s.message_id
where s.workspace_id = %s and s.channel_id = %s and {_SET_ASIDE} and s.gone_at is null
  and ({_OLD_ID} = any(%s) or m.fingerprint = any(%s::bytea[])
       or (m.fingerprint is null and s.received_at = any(%s::timestamptz[])))
order by 5, 2 desc
"""


def _way(mailbox: Mailbox) -> tuple[Any, ...]:
    return str(mailbox.workspace_id), str(mailbox.channel_id)
