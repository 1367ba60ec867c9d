"""The one door through which providers hand mail over: /hooks/inbound/<provider>/.

Bounded body, proof of where it comes from, one transaction, answer - in this order. A stranger
learns nothing: an address that is not ours is answered like one that is. Whatever passes by itself
(a database that is down, a certificate that cannot be fetched) is 503, and the provider comes back.
"""

import logging

from django.conf import settings
from django.db import Error as DatabaseProblem
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bcc_inbound.services.accept_post import accept_post
from bcc_inbound.tasks import kick
from bcc_inbound.webhooks.posts import Forged, Malformed, NothingToKeep, NotNow, Post, hook
from bcc_inbound.webhooks.providers import PROVIDERS, Provider

logger = logging.getLogger(__name__)

RETRY_SECONDS = "60"
PIECE = 64 * 1024


class TooLarge(Exception):
    """The body is longer than this provider's mails can be."""


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def receive(request: HttpRequest, provider: str, secret: str = "") -> HttpResponse:
    """Take what a provider sends. Some ask with HEAD whether anybody is there."""
    row = PROVIDERS.get(provider)
    if row is None or not all(getattr(settings, name) for name in row.settings):
        return _answer(404)
    if request.method == "HEAD":
        return _answer(200)
    status = _status(request, row, secret)
    logger.info("webhook provider=%s status=%d", row.name, status)
    return _answer(status)


def _answer(status: int) -> HttpResponse:
    answer = HttpResponse(status=status)
    if status == 503:
        answer["Retry-After"] = RETRY_SECONDS
    # The framework would log the path of a request that failed, and the path may hold a secret.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def _status(request: HttpRequest, row: Provider, secret: str) -> int:
    try:
        asked = hook(request, _body(request, row.most_bytes), secret)
        row.verify(asked)
        _keep(row, row.read(asked))
    except TooLarge:
        return 413
    except Forged:
        return row.refusal
    except Malformed:
        return 400
    except NothingToKeep:
        return 200
    except NotNow:
        return 503
    except DatabaseProblem as problem:
        connection.close()
        logger.warning("a provider was asked to try again: %s", type(problem).__name__)
        return 503
    return 200


def _body(request: HttpRequest, most: int) -> bytes:
    """The body, read piece by piece and never further than `most`."""
    try:
        announced = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError as problem:
        raise Malformed from problem
    if announced > most:
        raise TooLarge
    pieces, size = [], 0
    while piece := request.read(PIECE):
        size += len(piece)
        if size > most:
            raise TooLarge
        pieces.append(piece)
    return b"".join(pieces)


def _keep(row: Provider, posts: list[Post]) -> None:
    for post in posts:
        if not post.recipients:
            raise Malformed
        for workspace_id in accept_post(
            row.name,
            recipients=post.recipients,
            envelope_sender=post.envelope_sender,
            raw=post.raw,
            event=post.event,
            reported=post.reported,
            rebuilt=post.rebuilt,
            peer=post.peer,
            helo=post.helo,
        ):
            kick(workspace_id)
