"""The door for Gmail's pushes, which come by Pub/Sub with a signed token."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.bounded_json import read_json
from accounts.machine_door import MachineDoor, Refused
from accounts.tally import count
from mailsync.providers import google_push
from mailsync.providers.google_certs import KeysUnavailable
from mailsync.services.hear_pushes import hear_address
from mailsync.webhooks.waking import wake_for


class GmailDoor(MachineDoor):
    """Marks the mailbox of a proven push as having news. An unknown one is answered alike."""

    name = "push by Pub/Sub"

    def take(self, request: HttpRequest, body: bytes) -> HttpResponse:
        self._prove(request)
        try:
            address = google_push.read_notice(read_json(body))
        except ValueError:
            # It will never make sense, so nobody shall send it again.
            count(f"{self.name}: malformed")
            return HttpResponse(status=204)
        heard = hear_address(address)
        if not heard.known:
            count(f"{self.name}: unknown mailbox")
        wake_for(heard.wanted)
        return HttpResponse(status=204)

    def _prove(self, request: HttpRequest) -> None:
        if not google_push.is_configured():
            raise Refused(403, "not configured")
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Refused(401, "no token")
        try:
            audience = settings.PUBLIC_BASE_URL + reverse("gmail_push")
            google_push.verify_token(token.strip(), audience=audience)
        except google_push.NotProven as error:
            raise Refused(401, "token refused") from error
        except KeysUnavailable as error:
            raise Refused(503, "keys unavailable") from error
