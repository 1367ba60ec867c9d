"""Joins messages into threads by Message-ID, In-Reply-To and References (never by subject).

A keyed hash stands for each Message-ID, so the table tells nobody what a private mailbox holds.
A provider's own thread id joins only within its mailbox.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.sealing import keyed_hash
from accounts.tenancy import uuid7_text
from activities.matching.facts import Choice, ThreadFact
from activities.matching.words import Id
from activities.models import Thread, ThreadKey
from activities.services import rows
from activities.services.incoming import IncomingCopy

_MOST_REFERENCES = 20


@dataclass(slots=True)
class Threads:
    """The thread of each copy (its root's id, as text), and what people did with them."""

    of: list[str] = field(default_factory=list)
    facts: dict[Id, ThreadFact] = field(default_factory=dict)


def find_threads(workspace_id: uuid.UUID, copies: Sequence[IncomingCopy]) -> Threads:
    """Find or make the thread of every copy. Two queries, one more when two threads become one."""
    keys = [_keys(workspace_id, copy) for copy in copies]
    root_of, facts = _known(workspace_id, sorted({key for some in keys for key in some}))
    knots = _Knots(root_of)
    threads = [knots.tie(some) for some in keys]
    knots.joined |= _write(workspace_id, knots)
    for younger in knots.joined:
        older = knots.top(younger)
        facts[older] = _together(facts.get(older), facts.pop(younger, None))
    return Threads(of=[knots.top(thread) for thread in threads], facts=facts)


@dataclass(slots=True)
class _Knots:
    """Ties keys to threads: `made` threads, `fresh` keys, and which thread `joined` which."""

    root_of: dict[bytes, str]
    made: list[str] = field(default_factory=list)
    fresh: dict[bytes, str] = field(default_factory=dict)
    joined: dict[str, str] = field(default_factory=dict)

    def top(self, thread: str) -> str:
        """The thread that this one belongs to by now."""
        while thread in self.joined:
            thread = self.joined[thread]
        return thread

    def tie(self, keys: list[bytes]) -> str:
        """The one thread of a message with these keys: the oldest, which takes in the others."""
        found = sorted({self.top(self.root_of[key]) for key in keys if key in self.root_of})
        thread = found[0] if found else uuid7_text()
        if not found:
            self.made.append(thread)
        for younger in found[1:]:
            self.joined[younger] = thread
        for key in keys:
            if key not in self.root_of:
                self.fresh[key] = thread
            self.root_of[key] = thread
        return thread


def facts_of(workspace_id: uuid.UUID, roots: Sequence[str]) -> dict[Id, ThreadFact]:
    """What people did with these threads. One query."""
    facts: dict[Id, ThreadFact] = {}
    for root, data in rows.fetch((_FACTS, [str(workspace_id), list(set(roots))])):
        facts[root] = _together(facts.get(root), _fact(data))
    return facts


def _keys(workspace_id: uuid.UUID, copy: IncomingCopy) -> list[bytes]:
    message, workspace = copy.message, str(workspace_id)
    named = [message.message_id, *message.in_reply_to, *message.references[-_MOST_REFERENCES:]]
    keys = [keyed_hash("thread", workspace, name) for name in dict.fromkeys(named) if name]
    if not message.message_id and message.fingerprint:
        keys.append(keyed_hash("twin", workspace, message.fingerprint.hex()))
    if copy.provider_thread_id:
        mailbox = str(copy.channel_id)
        keys.append(keyed_hash("provider thread", workspace, mailbox, copy.provider_thread_id))
    return keys


# What a person did with a thread places it (R7): added to a project, assigned one of its messages
# there, or named the project: written to its inbound address, sent from a profile in it or with it
# picked. One pass over all the threads asked for, so that the cost follows their messages and never
# their number times the tables.
_DONE_WITH = """
threads as materialized (
    select t.id, t.root_id, t.workspace_id from roots
      join activities_thread t on t.workspace_id = roots.workspace_id
        and t.root_id = roots.root_id),
choices as materialized (
    select distinct on (t.root_id, c.project_id) t.root_id, c.project_id as project, c.added,
      c.chosen_at as at, c.member_id as member
      from threads t join activities_threadchoice c on c.workspace_id = t.workspace_id
        and c.thread_id = t.id
      order by t.root_id, c.project_id, c.chosen_at desc),
placed as materialized (
    select root_id, project as project_id from choices where added
    union
    select t.root_id, a.project_id from threads t
      join activities_activity e on e.workspace_id = t.workspace_id and e.thread_id = t.id
      join activities_assignment a on a.workspace_id = e.workspace_id and a.activity_id = e.id
      where a.origin = 'person'
    union
    select t.root_id, p.project_id from threads t
      join activities_message m on m.workspace_id = t.workspace_id and m.thread_id = t.id
      join activities_sighting s on s.workspace_id = m.workspace_id and s.message_id = m.id
      join activities_channelproject p on p.workspace_id = s.workspace_id
        and p.channel_id = s.channel_id
      where s.counts and s.copy_facts ->> 'source' = 'bcc'
        and s.copy_facts ->> 'verdict' <> 'reply'
    union
    select t.root_id, (s.copy_facts ->> 'project')::uuid from threads t
      join activities_message m on m.workspace_id = t.workspace_id and m.thread_id = t.id
      join activities_sighting s on s.workspace_id = m.workspace_id and s.message_id = m.id
      where s.counts and s.copy_facts ->> 'source' = 'sent' and s.copy_facts ? 'project'),
done as (
    select root_id, json_build_object('placed', null, 'choices', json_agg(choices)) as data
      from choices group by root_id
    union all
    select root_id, json_build_object('placed', json_agg(project_id), 'choices', null)
      from placed group by root_id)
"""
_FACTS = f"""
with roots as materialized (
    select r.root_id, %s::uuid as workspace_id from unnest(%s::uuid[]) as r(root_id)), {_DONE_WITH}
select root_id::text, data from done
"""
# Whoever takes a thread out of a project locks its root and is waited for here, so that the
# statement that follows, with a snapshot of its own, knows what they chose (R8).
_KNOWN = f"""
select 1 from activities_thread r where r.id in (
    select t.root_id from activities_threadkey k
      join activities_thread t on t.workspace_id = k.workspace_id and t.id = k.thread_id
      where k.workspace_id = %s and k.digest = any(%s::bytea[]))
  order by r.id for share;
with known as materialized (
    select k.digest, t.root_id, t.workspace_id from activities_threadkey k
      join activities_thread t on t.workspace_id = k.workspace_id and t.id = k.thread_id
      where k.workspace_id = %s and k.digest = any(%s::bytea[])),
roots as materialized (select distinct root_id, workspace_id from known), {_DONE_WITH}
select digest, root_id::text, null::json from known
union all
select null, root_id::text, data from done
"""


def _known(
    workspace_id: uuid.UUID, digests: list[bytes]
) -> tuple[dict[bytes, str], dict[Id, ThreadFact]]:
    root_of: dict[bytes, str] = {}
    facts: dict[Id, ThreadFact] = {}
    if not digests:
        return root_of, facts
    for digest, root, data in rows.fetch((_KNOWN, [str(workspace_id), digests] * 2)):
        if digest is None:
            facts[root] = _together(facts.get(root), _fact(data))
        else:
            root_of[bytes(digest)] = root
    return root_of, facts


def _fact(data: dict[str, Any]) -> ThreadFact:
    choices = {
        choice["project"]: Choice(
            project_id=choice["project"],
            added=choice["added"],
            at=datetime.fromisoformat(choice["at"]),
            members=frozenset({choice["member"]}),
        )
        for choice in data["choices"] or ()
    }
    return ThreadFact(placed=frozenset(data["placed"] or ()), choices=choices)


def _together(one: ThreadFact | None, other: ThreadFact | None) -> ThreadFact:
    one, other = one or ThreadFact(), other or ThreadFact()
    choices = dict(one.choices)
    for project, choice in other.choices.items():
        if project not in choices or choices[project].at < choice.at:
            choices[project] = choice
    return ThreadFact(placed=one.placed | other.placed, choices=choices)


def _write(workspace_id: uuid.UUID, knots: _Knots) -> dict[str, str]:
    """Write threads, keys and joins; returns the roots that somebody else's keys lead to."""
    workspace, fresh = str(workspace_id), knots.fresh
    threads = [{"id": root, "root_id": root} for root in knots.made]
    # In one order everywhere, so that two transactions never wait for each other.
    keys = [
        {"id": uuid7_text(), "digest": digest, "thread_id": fresh[digest]}
        for digest in sorted(fresh)
    ]
    joined = {younger: knots.top(younger) for younger in knots.joined}
    made = rows.insert(workspace, Thread, threads)
    claimed = rows.insert(
        workspace,
        ThreadKey,
        keys,
        conflict="(workspace_id, digest) do nothing",
        returning="digest",
    )
    written: list[tuple[Any, ...]] = []
    if claimed is None:
        rows.run([made])
    else:
        written = rows.fetch(rows.together(made, claimed))
    # Joined last, since one message of a batch may join what another one has just made.
    rows.run([_join(workspace, joined)])
    lost = fresh.keys() - {bytes(digest) for (digest,) in written}
    if not lost:
        return {}
    # Another transaction met the same message at this moment: its thread is as good as ours.
    theirs, _ = _known(workspace_id, sorted(lost))
    moved = {fresh[key]: root for key, root in theirs.items() if fresh[key] != root}
    rows.run([_join(workspace, moved)])
    return moved


def _join(workspace: str, joined: dict[str, str]) -> tuple[str, list[Any]] | None:
    if not joined:
        return None
    pairs = [{"old_root": younger, "new_root": older} for younger, older in joined.items()]
    return (
        "update activities_thread set root_id = j.new_root"
        " from json_to_recordset(%s) as j(old_root uuid, new_root uuid)"
        " where workspace_id = %s and root_id = j.old_root",
        [rows.to_json(pairs), workspace],
    )
