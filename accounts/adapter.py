"""What Threadwell does its own way when somebody signs up or proves an address."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from accounts.mail import OWN_HEADERS
from accounts.models import User
from accounts.services.addresses import keep_everywhere


class AccountAdapter(DefaultAccountAdapter):
    """allauth's manners, with links and addresses as this product keeps them."""

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """A newly proven sign-in address is the member's own in every workspace from now on."""
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed and isinstance(email_address.user, User):
            keep_everywhere(email_address.user, email=email_address.email)
        return confirmed

    def save_user(
        self, request: HttpRequest, user: Any, form: Any, commit: bool = True
    ) -> AbstractBaseUser:
        """Make the user. An invitation that was opened before vouches for its own address only."""
        if not self.is_email_verified(request, form.cleaned_data.get("email", "")):
            self.unstash_verified_email(request)
        saved: AbstractBaseUser = super().save_user(request, user, form, commit)
        return saved

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return settings.PUBLIC_BASE_URL + path

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", args=[uid, token])
        return settings.PUBLIC_BASE_URL + path

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: Any = None
    ) -> Any:
        return super().render_mail(template_prefix, email, context, OWN_HEADERS | (headers or {}))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, context | {"base_url": settings.PUBLIC_BASE_URL})
