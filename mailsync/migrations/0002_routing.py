from django.db import migrations

from accounts.tenancy import routing_function


class Migration(migrations.Migration):
    dependencies = [('mailsync', '0001_initial')]

    operations = [
        routing_function(
            "mailsync_due",
            "most int",
            "workspace_id uuid, mailbox_id uuid, owner_id uuid",
            """
select m.workspace_id, m.id, c.owner_id from mailsync_mailbox m
join activities_channel c on c.workspace_id = m.workspace_id and c.id = m.channel_id
where m.state in ('connecting', 'backfilling', 'live', 'resyncing', 'throttled') and m.provider <> 'file'
and (m.due_at <= statement_timestamp() or m.wanted_at <= statement_timestamp()) and (m.leased_until is null or m.leased_until < statement_timestamp())
order by least(m.due_at, m.wanted_at) limit most
            """,
        ),
        routing_function(
            "mailsync_listening",
            "most int",
            "workspace_id uuid, mailbox_id uuid, owner_id uuid",
            """
select m.workspace_id, m.id, c.owner_id from mailsync_mailbox m
join activities_channel c on c.workspace_id = m.workspace_id and c.id = m.channel_id
where m.provider = 'imap' and m.state in ('backfilling', 'live', 'resyncing', 'throttled') limit most
            """,
        ),
        routing_function(
            "mailsync_owner",
            "mailbox uuid",
            "workspace_id uuid, mailbox_id uuid, owner_id uuid",
            """
select m.workspace_id, m.id, c.owner_id from mailsync_mailbox m
join activities_channel c on c.workspace_id = m.workspace_id and c.id = m.channel_id
where m.id = mailbox
            """,
        ),
    ]
