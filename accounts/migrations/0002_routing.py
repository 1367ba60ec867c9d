from django.db import migrations

from accounts.tenancy import routing_function


class Migration(migrations.Migration):
    dependencies = [('accounts', '0001_initial')]

    operations = [
        routing_function(
            "accounts_membership",
            "asking uuid, named text",
            "workspace_id uuid, member_id uuid",
            """
select m.workspace_id, m.id from accounts_member m join accounts_workspace w on w.id = m.workspace_id
where m.user_id = asking and w.slug = named and m.deactivated_at is null
            """,
        ),
        routing_function(
            "accounts_memberships",
            "asking uuid",
            "workspace_id uuid, member_id uuid",
            """
select m.workspace_id, m.id from accounts_member m
where m.user_id = asking and m.deactivated_at is null order by m.id limit 100
            """,
        ),
        routing_function(
            "accounts_api_key",
            "named text",
            "workspace_id uuid, key_id uuid",
            """
select k.workspace_id, k.id from accounts_apikey k where k.prefix = named
            """,
        ),
        routing_function(
            "accounts_invitation",
            "hashed bytea",
            "workspace_id uuid, invitation_id uuid",
            """
select i.workspace_id, i.id from accounts_invitation i where i.token_hash = hashed
            """,
        ),
    ]
