"""What was found about the sender of a mail, in words that an admin can act upon."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bcc_inbound.senders.dkim import Dkim
from bcc_inbound.senders.proof import By
from bcc_inbound.senders.spf import Spf

Words = str | Promise

_SPF: dict[str, Words] = {
    Spf.PASS: gettext_lazy("The machine that sent it may send for %(domain)s."),
    Spf.FAIL: gettext_lazy("The machine that sent it may not send for %(domain)s."),
    Spf.SOFTFAIL: gettext_lazy("The machine that sent it most likely may not send for %(domain)s."),
    Spf.NEUTRAL: gettext_lazy("%(domain)s does not say whether this machine may send for it."),
    Spf.NONE: gettext_lazy("The sending domain does not publish which machines send for it."),
    Spf.PERMERROR: gettext_lazy("What %(domain)s publishes about its machines cannot be read."),
    Spf.NOT_ANSWERED: gettext_lazy("The DNS of %(domain)s did not answer."),
}
_DKIM: dict[str, Words] = {
    Dkim.PASS: gettext_lazy("Signed by %(domain)s, and the signature holds."),
    Dkim.FAIL: gettext_lazy("Signed in the name of %(domain)s, but the signature does not fit."),
    Dkim.EXPIRED: gettext_lazy("The signature of %(domain)s had expired when the mail came."),
    Dkim.WEAK: gettext_lazy("The signature of %(domain)s uses a key or method that is broken."),
    Dkim.NO_KEY: gettext_lazy("%(domain)s publishes no key for its signature."),
    Dkim.PARTIAL: gettext_lazy("The signature of %(domain)s covers only a part of the mail."),
    Dkim.TESTING: gettext_lazy("%(domain)s says that it is only testing its signatures."),
    Dkim.UNREADABLE: gettext_lazy("The signature of %(domain)s cannot be read."),
    Dkim.NOT_ANSWERED: gettext_lazy("The DNS of %(domain)s did not answer."),
}
_BY: dict[str, Words] = {
    By.PEER: gettext_lazy("A machine that the operator trusts"),
    By.RELAY: gettext_lazy("Your own relay"),
    By.PROVIDER: gettext_lazy("The provider that received it, and Threadwell"),
    By.OWN: gettext_lazy("Threadwell, when it came"),
}


def findings(proof: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """A name and its sentences for each of SPF, DKIM and DMARC; [] where nothing was looked at."""
    if not proof.get("by"):
        return []
    if proof["by"] == By.PEER:
        return [(_("Checked by"), [str(_BY[By.PEER])])]
    return [
        ("SPF", [_spf(proof)]),
        ("DKIM", _dkim(proof)),
        ("DMARC", [_dmarc(proof)]),
        (_("Checked by"), [str(_BY.get(proof["by"], ""))]),
    ]


def _spf(proof: Mapping[str, Any]) -> str:
    if not proof.get("spf"):
        return _("Not asked, because the sender's own machine is not known here.")
    text = _SPF.get(proof["spf"], gettext_lazy("It could not be decided for %(domain)s."))
    return str(text) % {"domain": proof.get("spf_domain") or _("the sending domain")}


def _dkim(proof: Mapping[str, Any]) -> list[str]:
    rows = proof.get("dkim") or []
    found = [str(_DKIM[result]) % {"domain": domain} for domain, result in rows if result in _DKIM]
    return list(dict.fromkeys(found)) or [_("There is no signature that can be checked.")]


def _dmarc(proof: Mapping[str, Any]) -> str:
    if proof.get("passed"):
        return _("What was proven belongs to the domain in From.")
    if proof.get("policy"):
        return _("Nothing that was proven belongs to the domain in From, which asks for that.")
    return _("Nothing that was proven belongs to the domain in From.")
