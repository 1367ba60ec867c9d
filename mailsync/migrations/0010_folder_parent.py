from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('mailsync', '0009_connecting')]

    operations = [
        migrations.AddField(
            model_name='folder',
            name='parent',
            field=models.CharField(blank=True, max_length=500),
        ),
    ]
