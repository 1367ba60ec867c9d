from django.db import migrations

from accounts.tenancy import routing_function


class Migration(migrations.Migration):
    dependencies = [('contacts', '0001_initial')]

    operations = [
        routing_function(
            "contacts_due_changes",
            "most int",
            "workspace_id uuid",
            """
select distinct c.workspace_id from contacts_directorychange c
where c.done_at is null and c.due_at <= statement_timestamp() limit most
            """,
        ),
    ]
