from django.db import migrations

from accounts.tenancy import routing_function


class Migration(migrations.Migration):
    dependencies = [('bcc_inbound', '0001_initial')]

    operations = [
        routing_function(
            "bcc_inbound_route",
            "hashed bytea",
            "workspace_id uuid, address_id uuid",
            """
select a.workspace_id, a.id from bcc_inbound_inboundaddress a
where a.token_hash = hashed and (a.works_until is null or a.works_until > statement_timestamp())
            """,
        ),
        routing_function(
            "bcc_inbound_due",
            "most int",
            "workspace_id uuid",
            """
select distinct d.workspace_id from bcc_inbound_delivery d
where d.state = 'due' and d.due_at <= statement_timestamp() limit most
            """,
        ),
    ]
