"""The vendors whose mailboxes a member connects by signing in there: which, and by what name."""

from collections.abc import Callable
from dataclasses import dataclass

from mailsync.models import Mailbox
from mailsync.providers.base import Provider
from mailsync.providers.gmail import GmailProvider
from mailsync.providers.gmail_consent import GmailConsent
from mailsync.providers.grants import Budget, Consent, Tokens
from mailsync.providers.graph import GraphProvider
from mailsync.providers.graph_consent import GraphConsent


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor. `word` stands in addresses, `name` is the company, `product` what it calls mail;
    `needs` names the settings that an operator fills in."""

    word: str
    provider: str
    name: str
    product: str
    needs: tuple[str, ...]
    consent: Callable[[], Consent]
    open: Callable[[Tokens, Budget], Provider]

    @property
    def is_configured(self) -> bool:
        """Whether the operator registered an app with this vendor."""
        return self.consent().is_configured()


VENDORS = (
    Vendor(
        "google",
        Mailbox.Provider.GMAIL,
        "Google",
        "Gmail",
        ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
        GmailConsent,
        GmailProvider,
    ),
    Vendor(
        "microsoft",
        Mailbox.Provider.GRAPH,
        "Microsoft",
        "Microsoft 365",
        ("MICROSOFT_CLIENT_ID", "MICROSOFT_CLIENT_SECRET"),
        GraphConsent,
        GraphProvider,
    ),
)
_BY_PROVIDER = {vendor.provider: vendor for vendor in VENDORS}


def vendor_of(provider: str) -> Vendor | None:
    """The vendor behind a value of Mailbox.Provider; None for IMAP and files."""
    return _BY_PROVIDER.get(provider)
