"""What every API view shares: who asks, what the key may do, and how pages are walked."""

from typing import TYPE_CHECKING, Any

from django.core import signing
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from accounts.models import ApiKey, User
from accounts.policies import may

if TYPE_CHECKING:
    from rest_framework.views import APIView

_CURSOR_SALT = "api cursor"


class ApiKeyAuthentication(BaseAuthentication):
    """The middleware has proven the key already; this hands it to the framework."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        key = getattr(request._request, "api_key", None)
        return (key.member.user, key) if key is not None else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the schema names the key that every operation wants."""

    target_class = "accounts.api.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "tw_<prefix>_<secret>"}


class KeyMayDoThis(BasePermission):
    """The key's scope and its member's role both allow the request.

    A view names the capability for writing as `write_capability` (default "edit directory").
    """

    message = "This key may not do that. Its scopes or its member's role do not allow it."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        key: Any = request.auth
        if not isinstance(key, ApiKey):
            return False
        if request.method in SAFE_METHODS:
            return "read" in key.scopes and may(key.member, "read")
        capability = getattr(view, "write_capability", "edit directory")
        return "write" in key.scopes and may(key.member, capability)


class KeysetPagination(CursorPagination):
    """50 rows a page, newest first, by a signed cursor; `keyset` of the view names the order."""

    page_size = 50
    ordering = "-id"

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        return tuple(getattr(view, "keyset", ("-id",)))

    def encode_cursor(self, cursor: Cursor) -> str:
        signed = signing.dumps(list(cursor), salt=_CURSOR_SALT)
        return replace_query_param(self.base_url or "", self.cursor_query_param, signed)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The cursor of the request; one that was not made here leads nowhere (404)."""
        text = request.query_params.get(self.cursor_query_param)
        if text is None:
            return None
        try:
            return Cursor(*signing.loads(text, salt=_CURSOR_SALT))
        except signing.BadSignature as error:
            raise NotFound(self.invalid_cursor_message) from error
