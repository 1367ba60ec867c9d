from django.db import migrations

from accounts.tenancy import routing_function


class Migration(migrations.Migration):
    dependencies = [('activities', '0001_initial')]

    operations = [
        routing_function(
            "activities_due_bodies",
            "most int",
            "workspace_id uuid, channel_id uuid",
            """
select distinct m.workspace_id, s.channel_id from activities_message m
join activities_sighting s on s.workspace_id = m.workspace_id and s.message_id = m.id
where m.body_state = 'due' and m.body_due_at <= statement_timestamp() limit most
            """,
        ),
    ]
