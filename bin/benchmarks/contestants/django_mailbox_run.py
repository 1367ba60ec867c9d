"""The same mail through django-mailbox: parsed, stored with its files, matched with nobody.

python -m benchmarks.contestants.django_mailbox_run FILE COUNT
"""

import email
import json
import os
import sys
import tempfile
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings

from benchmarks import meters
from benchmarks.contestants.corpus_file import read


def main(path: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _settle_in(folder)
        from django.core.management import call_command
        from django.db import connection
        from django_mailbox.models import Mailbox, Message

        call_command("migrate", verbosity=0)
        Message.objects.all().delete()
        mailbox = Mailbox.objects.create(name="bench")
        mails = read(path)[: count + 20]
        for mail in mails[:20]:
            mailbox.process_incoming_message(email.message_from_bytes(mail.raw))
        with meters.cpu(connection.connection.info.backend_pid) as spent:
            for mail in mails[20:]:
                mailbox.process_incoming_message(email.message_from_bytes(mail.raw))
    print(json.dumps({"messages": count, **spent}))


def _settle_in(folder: str) -> None:
    url = urlsplit(os.environ["DATABASE_URL"])
    settings.configure(
        SECRET_KEY="nothing is signed",  # noqa: S106
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django_mailbox"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": url.path.lstrip("/"),
                "USER": url.username,
                "PASSWORD": unquote(url.password or ""),
                "HOST": url.hostname,
                "PORT": url.port,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        MEDIA_ROOT=folder,
        USE_TZ=True,
    )
    django.setup()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
