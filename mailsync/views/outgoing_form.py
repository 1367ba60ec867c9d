"""The form of the server for outgoing mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mailsync.forms import PLAIN, MailboxForm
from mailsync.services.send_server import OutgoingServer

SECURITIES = [
    ("tls", _("TLS (usual, port 465)")),
    ("starttls", _("STARTTLS (port 587)")),
    ("none", _("None (only for a server on this machine)")),
]


class OutgoingForm(MailboxForm):
    host = forms.CharField(
        label=_("Server for outgoing mail (SMTP)"),
        max_length=253,
        widget=forms.TextInput(attrs=PLAIN | {"placeholder": "smtp.example.com"}),
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    security = forms.ChoiceField(label=_("Encryption"), choices=SECURITIES)

    def server(self) -> OutgoingServer:
        facts = self.cleaned_data
        return OutgoingServer(facts["host"], facts["port"], facts["security"])
