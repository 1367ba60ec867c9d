"""English: samples of github.com/crisp-oss/email-forward-parser, test/fixtures."""

from tests.bcc_inbound.forwards.shapes import Language

LANGUAGE = Language(
    code="en",
    prefix="FW",
    gmail="From",
    dates=(
        "Mon, Mar 3, 2025 at 10:00 AM",
        "Monday, March 3, 2025 10:00 AM",
        "3 March 2025 at 10:00:00 CET",
    ),
    outlook=("From", "Sent", "To", "Cc", "Subject"),
    apple=("Begin forwarded message", "From", "Subject", "Date", "To", "Cc", "Reply-To"),
    yahoo=("Forwarded message", "From", "To", "Cc", "Sent", "Subject"),
    thunderbird=("Forwarded Message", "Subject", "Date", "From", "To", "CC"),
    hubspot=("Forwarded message", "From", "Date", "Subject", "To", "Cc"),
    original="Original Message",
)
