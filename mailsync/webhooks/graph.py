"""The doors for Microsoft Graph's notifications: of changes, and about subscriptions."""

from django.http import HttpRequest, HttpResponse

from accounts.bounded_json import read_json
from accounts.machine_door import MachineDoor, Refused
from accounts.tally import count
from mailsync.providers.microsoft_push import read_items
from mailsync.services.hear_pushes import hear_subscribed
from mailsync.webhooks.waking import wake_for

_LONGEST_TOKEN = 2_000


class GraphDoor(MachineDoor):
    """Judges every item by the secret of its subscription and marks what they are about.

    A subscription is only granted where its validation token comes back as plain text.
    """

    name = "push by Graph"

    def take(self, request: HttpRequest, body: bytes) -> HttpResponse:
        token = request.GET.get("validationToken")
        if token is not None:
            return self._validate(token)
        try:
            pushes, senseless = read_items(read_json(body))
        except ValueError as error:
            raise Refused(400, "malformed") from error
        heard = hear_subscribed(pushes)
        for what, many in (
            ("item malformed", senseless),
            ("unknown subscription", heard.unknown),
            ("secret refused", heard.refused),
        ):
            if many:
                count(f"{self.name}: {what}", many)
        wake_for(heard.wanted, heard.renewed)
        return HttpResponse(status=202)

    def _validate(self, token: str) -> HttpResponse:
        if len(token) > _LONGEST_TOKEN:
            raise Refused(400, "validation token too long")
        return HttpResponse(token, content_type="text/plain; charset=utf-8")


class LifecycleDoor(GraphDoor):
    """The same for what happens to the subscriptions themselves."""

    name = "lifecycle push by Graph"
