from django.db import migrations

from accounts.tenancy import routing_function


class Migration(migrations.Migration):
    dependencies = [('accounts', '0002_routing')]

    operations = [
        routing_function(
            "accounts_everybody",
            "",
            "workspace_id uuid, member_id uuid",
            """
select w.id, m.id from accounts_workspace w left join accounts_member m on m.workspace_id = w.id
order by w.id, m.id
            """,
        ),
    ]
