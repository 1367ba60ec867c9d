"""Seals passwords and tokens again with the first of CREDENTIAL_KEYS; counts only."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import tenancy
from mailsync.services.rotate_keys import rotate_keys


class Command(BaseCommand):
    help = "Seals every password and token again with the first of CREDENTIAL_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        tenancy.refuse_unsafe_role()
        rotated = rotate_keys()
        self.stdout.write(f"{rotated.sealed} secrets are sealed with the first key now.")
        if rotated.closed:
            raise CommandError(
                f"{rotated.closed} secrets cannot be opened by any listed key. Their owners have to"
                " reconnect."
            )
