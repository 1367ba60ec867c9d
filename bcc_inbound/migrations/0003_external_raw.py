from django.db import migrations


class Migration(migrations.Migration):
    """Raw mail is stored as it is: a part of it is then read without unpacking the whole, and the
    listener spends no time on packing what is mostly base64."""

    dependencies = [("bcc_inbound", "0002_routing")]

    operations = [
        migrations.RunSQL(
            "alter table bcc_inbound_delivery alter column raw set storage external",
            "alter table bcc_inbound_delivery alter column raw set storage extended",
        ),
    ]
