from django.db import migrations, models

TABLE, NAME = "mailsync_outgoingmail", "mailsync_outgoing_once"


class Migration(migrations.Migration):

    # The index is built while mail is written and sent; the constraint then only takes it over.
    atomic = False

    dependencies = [
        ('mailsync', '0015_burst'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        # What an attempt that was interrupted left.
                        f"alter table {TABLE} drop constraint if exists {NAME}",
                        f"drop index concurrently if exists {NAME}",
                        f"create unique index concurrently {NAME}"
                        f" on {TABLE} (workspace_id, owner_id, form_key)",
                        f"alter table {TABLE} add constraint {NAME} unique using index {NAME}",
                    ],
                    [f"alter table {TABLE} drop constraint {NAME}"],
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='outgoingmail',
                    constraint=models.UniqueConstraint(fields=('workspace', 'owner', 'form_key'), name='mailsync_outgoing_once'),
                ),
            ],
        ),
    ]
