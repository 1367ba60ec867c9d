"""The Celery application. Its messages only wake workers up; PostgreSQL holds the work."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("threadwell")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def refuse_unsafe_role(**_: Any) -> None:
    from accounts.tenancy import refuse_unsafe_role

    refuse_unsafe_role()
