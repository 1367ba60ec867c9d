from django.db import migrations, models

from accounts.tenancy import drop_routing_function, routing_function


class Migration(migrations.Migration):

    dependencies = [
        ('mailsync', '0014_comparing'),
    ]

    operations = [
        migrations.AddField(
            model_name='hint',
            name='times',
            field=models.PositiveIntegerField(db_default=1),
        ),
        drop_routing_function("mailsync_addressed", "mailsync.migrations.0011_hints"),
        # As before, but the first few hints of a burst are all written down, so that it is known as
        # one within a moment, and so is what comes during a run (mailsync/services/hints.py).
        routing_function(
            "mailsync_addressed",
            "wanted text",
            "workspace_id uuid, mailbox_id uuid, owner_id uuid, just_heard_id uuid",
            """
select m.workspace_id, m.id, c.owner_id, h.mailbox_id
from mailsync_mailbox m
join activities_channel c on c.workspace_id = m.workspace_id and c.id = m.channel_id
join accounts_member o on o.workspace_id = c.workspace_id and o.id = c.owner_id
left join mailsync_hint h on h.workspace_id = m.workspace_id and h.mailbox_id = m.id
and h.heard_at > m.began_at and (h.due_at <= h.since
    and (m.leased_until is null or m.leased_until < statement_timestamp())
    or h.times >= 6 and h.heard_at > statement_timestamp() - interval '0.25 seconds')
where m.provider = 'gmail' and lower(m.address) = lower(wanted) and o.deactivated_at is null
and m.state in ('connecting', 'backfilling', 'live', 'resyncing', 'throttled')
            """,
        ),
    ]
