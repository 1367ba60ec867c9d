"""The promises of the record, each as a statement that counts the rows which break it."""

from activities.services.verify_integrity import Check

CHECKS = (
    Check(
        "copies",
        "Every copy has its decision and its message.",
        """select count(*) from activities_sighting s where s.workspace_id = %(workspace)s and (
            s.decision ->> 'outcome' is distinct from s.outcome
            or s.decision ->> 'rule' is distinct from s.rule
            or not exists (select 1 from activities_message m
                where m.workspace_id = s.workspace_id and m.id = s.message_id))""",
    ),
    Check(
        "logged",
        "Every logged copy has its assignments, unless a person took them away.",
        """select count(*) from activities_sighting s join activities_activity e
            on e.workspace_id = s.workspace_id and e.message_id = s.message_id
        where s.workspace_id = %(workspace)s and s.counts and s.outcome = 'logged'
        and e.settled_by_id is null and e.taken_out = '{}' and not exists (
            select 1 from activities_assignment a
            where a.workspace_id = e.workspace_id and a.activity_id = e.id)""",
    ),
    Check(
        "standing",
        "An activity is logged when it is assigned, and otherwise waits or was dismissed.",
        """select count(*) from activities_activity e where e.workspace_id = %(workspace)s
        and (e.state = 'logged') <> exists (select 1 from activities_assignment a
            where a.workspace_id = e.workspace_id and a.activity_id = e.id)""",
    ),
    Check(
        "emails",
        "Every email activity has its message, and no other activity has one.",
        """select count(*) from activities_activity where workspace_id = %(workspace)s
        and (kind = 'email') <> (message_id is not null)""",
    ),
    Check(
        "messages",
        "Every shared message was seen somewhere and is an activity.",
        """select count(*) from activities_message m where m.workspace_id = %(workspace)s and (
            not exists (select 1 from activities_sighting s
                where s.workspace_id = m.workspace_id and s.message_id = m.id)
            or not exists (select 1 from activities_activity e
                where e.workspace_id = m.workspace_id and e.message_id = m.id))""",
    ),
    Check(
        "bodies",
        "Every message that says its text is here has it.",
        """select count(*) from activities_message m where m.workspace_id = %(workspace)s
        and m.body_state = 'present' and not exists (select 1 from activities_messagebody b
            where b.workspace_id = m.workspace_id and b.message_id = m.id)""",
    ),
    Check(
        "threads",
        "Every thread that was joined to another names the oldest of them.",
        """select count(*) from activities_thread t join activities_thread r
            on r.workspace_id = t.workspace_id and r.id = t.root_id
        where t.workspace_id = %(workspace)s and r.root_id <> r.id""",
    ),
    Check(
        "waiting",
        "Whoever waits for a project waits on an activity that waits too.",
        """select count(*) from activities_pendingparticipant p join activities_activity e
            on e.workspace_id = p.workspace_id and e.id = p.activity_id
        where p.workspace_id = %(workspace)s and e.state in ('dismissed', 'withdrawn')""",
    ),
    Check(
        "contacts",
        "An address belongs to one contact, however it is written.",
        """select count(*) - count(distinct lower(address)) from contacts_contactaddress
        where workspace_id = %(workspace)s""",
    ),
    Check(
        "changes",
        "No change of the directory has waited for an hour to be looked at.",
        """select count(*) from contacts_directorychange where workspace_id = %(workspace)s
        and done_at is null and due_at < now() - interval '1 hour'""",
    ),
    Check(
        "private",
        "A private copy is its mailbox's, not logged, and nowhere else.",
        """select count(*) from activities_privatemessage p
        join activities_channel c on c.workspace_id = p.workspace_id and c.id = p.channel_id
        where p.workspace_id = %(workspace)s and p.owner_id = %(member)s and (
            p.outcome not in ('not_logged', 'needs_project')
            or p.decision ->> 'outcome' is distinct from p.outcome
            or c.owner_id is distinct from p.owner_id
            or exists (select 1 from activities_sighting s where s.workspace_id = p.workspace_id
                and s.channel_id = p.channel_id and s.provider_id = p.provider_id))""",
        private=True,
    ),
    Check(
        "waiting mail",
        "Whoever waits for a project hangs on a mail.",
        """select count(*) from activities_pendingparticipant
        where workspace_id = %(workspace)s and owner_id = %(member)s and (
            activity_id is null and private_message_id is null or cardinality(candidates) = 0)""",
        private=True,
    ),
)
