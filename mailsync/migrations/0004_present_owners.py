from django.db import migrations

from accounts.tenancy import drop_routing_function, routing_function

ROUTE = "workspace_id uuid, mailbox_id uuid, owner_id uuid"


class Migration(migrations.Migration):
    dependencies = [('mailsync', '0003_failures'), ('accounts', '0003_everybody')]

    operations = [
        drop_routing_function("mailsync_due", "mailsync.migrations.0003_failures"),
        drop_routing_function("mailsync_listening", "mailsync.migrations.0002_routing"),
        # The mailboxes of a member who was deactivated are left alone. Workspaces take turns, and
        # a hint never shortens the pause that a provider asked for.
        routing_function(
            "mailsync_due",
            "most int",
            ROUTE,
            """
select m.workspace_id, m.id, c.owner_id from mailsync_mailbox m
join activities_channel c on c.workspace_id = m.workspace_id and c.id = m.channel_id
join accounts_member o on o.workspace_id = c.workspace_id and o.id = c.owner_id
where m.state in ('connecting', 'backfilling', 'live', 'resyncing', 'throttled')
and m.provider <> 'file' and o.deactivated_at is null
and (m.due_at <= statement_timestamp() or (m.wanted_at <= statement_timestamp()
    and m.failures = 0 and m.state <> 'throttled'))
and (m.leased_until is null or m.leased_until < statement_timestamp())
order by row_number() over (partition by m.workspace_id order by least(m.due_at, m.wanted_at))
limit most
            """,
        ),
        routing_function(
            "mailsync_listening",
            "most int",
            ROUTE,
            """
select m.workspace_id, m.id, c.owner_id from mailsync_mailbox m
join activities_channel c on c.workspace_id = m.workspace_id and c.id = m.channel_id
join accounts_member o on o.workspace_id = c.workspace_id and o.id = c.owner_id
where m.provider = 'imap' and o.deactivated_at is null
and m.state in ('connecting', 'backfilling', 'live', 'resyncing', 'throttled') limit most
            """,
        ),
    ]
