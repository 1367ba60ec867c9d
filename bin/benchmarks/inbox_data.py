"""A mailbox with any number of mails, made in SQL: what the pages of row `inbox` show.

Fifteen mails make five threads of one to five, whose mails lie some hours apart. One in five is
logged, the others are the owner's alone, and one in twenty is ignored. Of 101 mails one lies in a
folder of its own and, with another word in its subject, is what a search looks for.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from accounts import tenancy
from activities.models import Channel
from benchmarks import bulk, corpus
from benchmarks.rows import Bench
from benchmarks.workspace import Place, make_workspace
from mailsync.models import Folder, Mailbox

FOLDERS = ("INBOX", "Archive", "Rare")

_ID = "lpad(to_hex(%(tag)s + n), 32, '0')::uuid"
_IN_THREAD = "(array[0,0,1,0,1,2,0,1,2,3,0,1,2,3,4])[1 + n %% 15]"
_THREAD = f"lpad(to_hex(%(tag)s + n - {_IN_THREAD}), 32, '0')::uuid"
_AT = (
    "timestamptz '2020-01-01' + n * interval '17 seconds'"
    f" + {_IN_THREAD} * (1 + n %% 7) * interval '1 hour'"
)
_NUMBERS = "generate_series(%(first)s, %(last)s) n"
_LOGGED = "n %% 5 = 2"
_RARE = "n %% 101 = 7"
_SUBJECT = f"case when {_RARE} then 'Offer for the lighthouse ' else 'About order ' end || n"
_SCOPES = (
    f"case when {_RARE} then '[\"Rare\"]' when n %% 3 = 0 then '[\"Archive\"]'"
    " else '[\"INBOX\"]' end::jsonb"
)
_FLAGS = "case when n %% 50 = 1 then '[]' else '[\"seen\"]' end::jsonb"
_DIRECTION = "case when n %% 6 = 4 then 'out' else 'in' end"
_HEADERS = (
    """jsonb_build_object('participants', jsonb_build_array(jsonb_build_array('from',"""
    """ 'person' || n %% 2000 || '@company' || n %% 300 || '.example', 'Person ' || n %% 2000),"""
    """ jsonb_build_array('to', 'member0@ours.example', 'Member')), 'message_id', n::text)"""
)
_DECISION = (
    """jsonb_build_object('source', 'sync', 'outcome', %(outcome)s, 'rule', %(rule)s,"""
    """ 'participants', jsonb_build_array(jsonb_build_object('address',"""
    """ 'person7@company7.example', 'kind', 'contact'), jsonb_build_object('address',"""
    """ 'member0@ours.example', 'kind', 'internal')), 'steps', jsonb_build_array('R1 passed',"""
    """ 'R3 passed', 'R8 passed'))"""
)
_AS_LOGGED = _DECISION.replace("%(outcome)s", "'logged'").replace("%(rule)s", "'R6'")
_RULE = "case when n %% 20 = 9 then 'R3' when n %% 40 = 1 then 'R4' else 'R9' end"
_AS_PRIVATE = _DECISION.replace("%(outcome)s", "'not_logged'").replace("%(rule)s", _RULE)

FILL = (
    f"""insert into activities_thread (id, workspace_id, root_id)
        select {_ID}, %(workspace)s, {_ID} from {_NUMBERS} where {_IN_THREAD} = 0""",
    f"""insert into activities_message (id, workspace_id, fingerprint, thread_id, subject, sent_at,
          headers, snippet, body_state, body_attempts)
        select {_ID}, %(workspace)s, decode(lpad(to_hex(%(tag)s + n), 64, '0'), 'hex'), {_THREAD},
          {_SUBJECT}, {_AT}, {_HEADERS}, 'Thanks for your answer about ' || n, 'present', 0
        from {_NUMBERS} where {_LOGGED}""",
    f"""insert into activities_sighting (id, workspace_id, message_id, channel_id, owner_id,
          provider_id, provider_thread_id, scopes, flags, direction, received_at, outcome, rule,
          decision, copy_facts, counts)
        select {_ID}, %(workspace)s, {_ID}, %(mailbox)s, %(member)s, n::text, '', {_SCOPES},
          {_FLAGS}, {_DIRECTION}, {_AT}, 'logged', 'R6', {_AS_LOGGED},
          jsonb_build_object('source', 'sync'), true
        from {_NUMBERS} where {_LOGGED}""",
    f"""insert into activities_activity (id, workspace_id, kind, message_id, thread_id, state,
          occurred_at, title, text, group_domain, banner, sharing, taken_out, excepted)
        select {_ID}, %(workspace)s, 'email', {_ID}, {_THREAD}, 'logged', {_AT}, {_SUBJECT}, '',
          'company' || n %% 300 || '.example', '', 'everything', '{{}}', '[]'
        from {_NUMBERS} where {_LOGGED}""",
    f"""insert into activities_assignment (id, workspace_id, activity_id, project_id, contact_id,
          company_id, address, interaction_type, origin, rule, occurred_at)
        select {_ID}, %(workspace)s, {_ID}, (%(projects)s::uuid[])[1 + n %% 2], null, null,
          'person7@company7.example', 'Email', 'engine', 'R6', {_AT}
        from {_NUMBERS} where {_LOGGED}""",
    f"""insert into activities_privatemessage (id, workspace_id, owner_id, channel_id, provider_id,
          provider_thread_id, thread_id, fingerprint, subject, sent_at, received_at, headers,
          scopes, out_of_scope, flags, direction, outcome, rule, decision)
        select {_ID}, %(workspace)s, %(member)s, %(mailbox)s, 'p' || n, '', {_THREAD},
          decode(lpad(to_hex(%(tag)s + n), 64, 'f'), 'hex'), {_SUBJECT}, {_AT}, {_AT},
          {_HEADERS}, {_SCOPES}, '', {_FLAGS}, {_DIRECTION}, 'not_logged', {_RULE}, {_AS_PRIVATE}
        from {_NUMBERS} where not {_LOGGED}""",
)


def make_mailbox(bench: Bench, number: int, count: int) -> tuple[Place, Mailbox]:
    """Make workspace `number` with a mailbox of `count` mails."""
    place = make_workspace()
    with tenancy.in_workspace(place.id, place.member.id):
        mailbox = connect(place.mailbox)
        parameters = named(place.mailbox, [project.id for project in place.projects], number)
    with bulk.filling(bench) as cursor:
        bulk.fill(cursor, FILL, parameters, count)
    return place, mailbox


def named(channel: Channel, projects: Sequence[uuid.UUID], number: int) -> dict[str, Any]:
    """The parameters of FILL for this channel's mailbox; `number` keeps the ids apart."""
    return {
        "tag": number << 40,
        "workspace": str(channel.workspace_id),
        "member": str(channel.owner_id),
        "mailbox": str(channel.id),
        "projects": [str(project) for project in projects],
    }


def connect(channel: Channel) -> Mailbox:
    """Give the channel the mailbox and the folders under which a page lists it."""
    mailbox = Mailbox.objects.create(
        workspace_id=channel.workspace_id,
        channel=channel,
        provider=Mailbox.Provider.IMAP,
        address=corpus.member_address(0),
        state=Mailbox.State.LIVE,
    )
    for name in FOLDERS:
        Folder.objects.create(
            workspace_id=channel.workspace_id,
            mailbox=mailbox,
            provider_id=name,
            name=name.capitalize(),
            role="inbox" if name == "INBOX" else "other",
            selected=True,
        )
    return mailbox
