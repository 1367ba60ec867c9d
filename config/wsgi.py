"""The web application for gunicorn. It does not start on a database role that sees too much."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from accounts.tenancy import refuse_unsafe_role  # noqa: E402 - models load after django.setup()

refuse_unsafe_role()
