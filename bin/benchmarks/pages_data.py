"""A workspace with any number of activities, made in SQL: what the pages of row `pages` show.

Number n is one mail: a thread, a message, two participants, a copy, an activity and, but for one in
twenty that waits in Unassigned, an assignment. Every hundredth is with the same contact. There is
a private mail for each as well.
"""

from accounts import tenancy
from activities.models import Channel
from benchmarks import bulk, corpus
from benchmarks.rows import Bench
from benchmarks.workspace import Place, make_workspace
from contacts.models import Contact
from mailsync.models import Folder, Mailbox

_ID = "lpad(to_hex(%(tag)s + n), 32, '0')::uuid"
_AT = "timestamptz '2020-01-01' + n * interval '17 seconds'"
_NUMBERS = "generate_series(%(first)s, %(last)s) n"
_WAITS = "n %% 20 = 3"
_CONTACT = "(%(contacts)s::uuid[])[case when n %% 100 = 7 then 1 else 2 + n %% (%(many)s - 1) end]"
_HEADERS = (
    """'{"participants": [["from", "person7@company7.example", "Person"],"""
    """ ["to", "member0@ours.example", "Member"]], "message_id": "x"}'::jsonb"""
)
_DECISION = (
    """jsonb_build_object('source', 'sync', 'outcome', 'logged', 'rule', 'R6', 'participants',"""
    """ jsonb_build_array(jsonb_build_object('address', 'person7@company7.example', 'kind',"""
    """ 'contact'), jsonb_build_object('address', 'member0@ours.example', 'kind', 'internal')),"""
    """ 'steps', jsonb_build_array('R1 passed', 'R3 passed', 'R8 passed'))"""
)

_FILL = (
    f"""insert into activities_thread (id, workspace_id, root_id)
        select {_ID}, %(workspace)s, {_ID} from {_NUMBERS}""",
    f"""insert into activities_message (id, workspace_id, fingerprint, thread_id, subject, sent_at,
          headers, snippet, body_state, body_attempts)
        select {_ID}, %(workspace)s, decode(lpad(to_hex(%(tag)s + n), 64, '0'), 'hex'), {_ID},
          'About order ' || n, {_AT}, {_HEADERS}, 'Thanks for your answer about ' || n, 'present', 0
        from {_NUMBERS}""",
    f"""insert into activities_participant (id, workspace_id, message_id, position, role, address,
          base, name, domain)
        select lpad(to_hex((%(tag)s + n) * 2 + p), 32, '0')::uuid, %(workspace)s, {_ID}, p,
          case p when 0 then 'from' else 'to' end, a.address, a.address, 'Name',
          split_part(a.address, '@', 2)
        from {_NUMBERS}, generate_series(0, 1) p, lateral (select case
          when p = 1 then 'member0@ours.example'
          when {_WAITS} then 'stranger' || n || '@elsewhere' || n %% 977 || '.example'
          else 'person' || n %% 2000 || '@company' || n %% 300 || '.example' end as address) a""",
    f"""insert into activities_sighting (id, workspace_id, message_id, channel_id, owner_id,
          provider_id, provider_thread_id, scopes, flags, direction, received_at, outcome, rule,
          decision, copy_facts, counts)
        select {_ID}, %(workspace)s, {_ID},
          case when {_WAITS} then %(inbound)s else %(mailbox)s end::uuid, %(member)s, n::text, '',
          '["INBOX"]', '["seen"]', 'in', {_AT},
          case when {_WAITS} then 'unassigned' else 'logged' end, 'R6', {_DECISION},
          jsonb_build_object('source', case when {_WAITS} then 'bcc' else 'sync' end), true
        from {_NUMBERS}""",
    f"""insert into activities_activity (id, workspace_id, kind, message_id, thread_id, state,
          occurred_at, title, text, group_domain, banner, sharing, taken_out, excepted)
        select {_ID}, %(workspace)s, 'email', {_ID}, {_ID},
          case when {_WAITS} then 'unassigned' else 'logged' end, {_AT}, 'About order ' || n, '',
          'company' || n %% 300 || '.example', '', 'everything', '{{}}', '[]'
        from {_NUMBERS}""",
    f"""insert into activities_assignment (id, workspace_id, activity_id, project_id, contact_id,
          company_id, address, interaction_type, origin, rule, occurred_at)
        select {_ID}, %(workspace)s, {_ID}, (%(projects)s::uuid[])[1 + n %% 3], {_CONTACT}, null,
          'person7@company7.example', 'Email', 'engine', 'R6', {_AT}
        from {_NUMBERS} where not {_WAITS}""",
    f"""insert into activities_privatemessage (id, workspace_id, owner_id, channel_id, provider_id,
          provider_thread_id, thread_id, fingerprint, subject, sent_at, received_at, headers,
          scopes, out_of_scope, flags, direction, outcome, rule, decision)
        select {_ID}, %(workspace)s, %(member)s, %(mailbox)s, 'p' || n, '', {_ID},
          decode(lpad(to_hex(%(tag)s + n), 64, 'f'), 'hex'), 'Private ' || n, {_AT}, {_AT},
          {_HEADERS}, '["INBOX"]', '', '["seen"]', 'in', 'not_logged', 'R6', {_DECISION}
        from {_NUMBERS}""",
)


def make_pages(bench: Bench, number: int, count: int) -> tuple[Place, Contact]:
    """Make workspace `number` with `count` activities; return it and a contact with a hundredth."""
    place = make_workspace()
    with tenancy.in_workspace(place.id, place.member.id):
        _connect(place)
        contacts = list(Contact.objects.order_by("id")[: corpus.CONTACTS])
    parameters = {
        "tag": number << 40,
        "workspace": str(place.id),
        "member": str(place.member.id),
        "mailbox": str(place.mailbox.id),
        "inbound": str(place.inbound.id),
        "projects": [str(project.id) for project in place.projects],
        "contacts": [str(contact.id) for contact in contacts],
        "many": len(contacts),
    }
    with bulk.filling(bench) as cursor:
        bulk.fill(cursor, _FILL, parameters, count)
    return place, contacts[0]


def _connect(place: Place) -> None:
    """Give the channel the mailbox and the folder under which a page lists it."""
    channel = Channel.objects.get(id=place.mailbox.id)
    mailbox = Mailbox.objects.create(
        workspace_id=place.id,
        channel=channel,
        provider=Mailbox.Provider.IMAP,
        address=corpus.member_address(0),
        state=Mailbox.State.LIVE,
    )
    Folder.objects.create(
        workspace_id=place.id,
        mailbox=mailbox,
        provider_id="INBOX",
        name="Inbox",
        role="inbox",
        selected=True,
    )
