from django.db import migrations, models

from accounts.tenancy import drop_routing_function, routing_function


class Migration(migrations.Migration):
    dependencies = [('mailsync', '0002_routing')]

    operations = [
        migrations.AddField(
            model_name='mailbox',
            name='failures',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='mailbox',
            name='resyncing',
            field=models.BooleanField(default=False),
        ),
        drop_routing_function("mailsync_due", "mailsync.migrations.0002_routing"),
        # Workspaces take turns, and a hint never shortens the pause that a provider asked for.
        routing_function(
            "mailsync_due",
            "most int",
            "workspace_id uuid, mailbox_id uuid, owner_id uuid",
            """
select m.workspace_id, m.id, c.owner_id from mailsync_mailbox m
join activities_channel c on c.workspace_id = m.workspace_id and c.id = m.channel_id
where m.state in ('connecting', 'backfilling', 'live', 'resyncing', 'throttled')
and m.provider <> 'file'
and (m.due_at <= statement_timestamp() or (m.wanted_at <= statement_timestamp()
    and m.failures = 0 and m.state <> 'throttled'))
and (m.leased_until is null or m.leased_until < statement_timestamp())
order by row_number() over (partition by m.workspace_id order by least(m.due_at, m.wanted_at))
limit most
            """,
        ),
    ]
