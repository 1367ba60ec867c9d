from django.db import migrations

from accounts.tenancy import routing_function


class Migration(migrations.Migration):
    dependencies = [('mailsync', '0007_outgoing')]

    operations = [
        # Mail of a member who was deactivated is not sent. Workspaces take turns.
        routing_function(
            "mailsync_outbox_due",
            "most int",
            "workspace_id uuid, mail_id uuid, owner_id uuid",
            """
select m.workspace_id, m.id, m.owner_id from mailsync_outgoingmail m
join accounts_member o on o.workspace_id = m.workspace_id and o.id = m.owner_id
where o.deactivated_at is null
and ((m.state in ('held', 'unknown') and m.send_at <= statement_timestamp())
    or (m.state = 'sending' and m.leased_until < statement_timestamp()))
order by row_number() over (partition by m.workspace_id order by m.send_at, m.id)
limit most
            """,
        ),
    ]
