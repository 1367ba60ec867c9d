"""Settings of mail that is addressed to us, read from the environment like all others."""

import environ

env = environ.Env()

# Name servers (host or host:port) that sender authentication asks; empty: the system's.
DNS_SERVERS = env.list("DNS_SERVERS", default=[])
INBOUND_DOMAIN = env.str("INBOUND_DOMAIN", default="in.threadwell.localhost").lower()
INBOUND_TRUSTED_PEERS = env.list("INBOUND_TRUSTED_PEERS", default=[])
INBOUND_AUTHSERV_ID = env.str("INBOUND_AUTHSERV_ID", default="")
# From where Authentication-Results of that relay may come: by default only from private networks.
INBOUND_RELAY_PEERS = env.list(
    "INBOUND_RELAY_PEERS",
    default=["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fc00::/7"],
)
# What each provider of inbound mail proves itself with (docs/inbound.md). Several values by comma
# are all good, so that a secret can be replaced. A door without its setting answers 404.
INBOUND_MAILGUN_SIGNING_KEY = env.list("INBOUND_MAILGUN_SIGNING_KEY", default=[])
INBOUND_POSTMARK_SECRET = env.list("INBOUND_POSTMARK_SECRET", default=[])
INBOUND_SENDGRID_SECRET = env.list("INBOUND_SENDGRID_SECRET", default=[])
INBOUND_SENDGRID_PUBLIC_KEY = env.str("INBOUND_SENDGRID_PUBLIC_KEY", default="")
INBOUND_SES_TOPICS = env.list("INBOUND_SES_TOPICS", default=[])
INBOUND_SES_CERT_HOSTS = [r"sns\.[a-z0-9-]{3,32}\.amazonaws\.com(\.cn)?"]
INBOUND_MAILJET_SECRET = env.list("INBOUND_MAILJET_SECRET", default=[])
INBOUND_RESEND_SIGNING_KEY = env.list("INBOUND_RESEND_SIGNING_KEY", default=[])
INBOUND_RESEND_API_KEY = env.list("INBOUND_RESEND_API_KEY", default=[])
RESEND_API_ROOT = env.str("RESEND_API_ROOT", default="https://api.resend.com").rstrip("/")
INBOUND_SPARKPOST_SECRET = env.list("INBOUND_SPARKPOST_SECRET", default=[])
INBOUND_MAILERSEND_SIGNING_KEY = env.list("INBOUND_MAILERSEND_SIGNING_KEY", default=[])
INBOUND_RAW_SECRET = env.list("INBOUND_RAW_SECRET", default=[])

# How much mail within an hour is taken unseen; what comes beyond is held. Trusted peers are free.
INBOUND_HOURLY_LIMITS = {
    "address": env.int("INBOUND_MOST_PER_ADDRESS", default=2_000),
    "sender": env.int("INBOUND_MOST_PER_SENDER", default=500),
    "workspace": env.int("INBOUND_MOST_PER_WORKSPACE", default=10_000),
}
