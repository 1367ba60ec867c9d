"""The table of providers: what each one offers as proof, and what its mails look like.

docs/inbound.md tells operators the same, with what to set at the provider.
"""

from bcc_inbound.webhooks.posts import Provider
from bcc_inbound.webhooks.providers import (
    amazon_ses,
    mailersend,
    mailgun,
    mailjet,
    postmark,
    raw_mime,
    resend,
    sendgrid,
    sparkpost,
)

PROVIDERS = {
    row.name: row
    for row in (
        mailgun.PROVIDER,
        postmark.PROVIDER,
        sendgrid.PROVIDER,
        amazon_ses.PROVIDER,
        mailjet.PROVIDER,
        resend.PROVIDER,
        sparkpost.PROVIDER,
        mailersend.PROVIDER,
        raw_mime.PROVIDER,
    )
}

__all__ = ["PROVIDERS", "Provider"]
