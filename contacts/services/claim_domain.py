"""Who may have a domain: a company, the workspace itself, or everybody (R2, R6)."""

import uuid
from typing import NoReturn

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from contacts.addresses import (
    is_public_mail_domain,
    is_public_suffix,
    normalise_domain,
    suffixes,
)
from contacts.models import CompanyDomain, InternalDomain, PublicMailDomain
from contacts.problems import DirectoryProblem
from contacts.services.checks import shorten


def claim_for_company(workspace_id: uuid.UUID, text: str) -> str:
    """Return the domain in its normal form, or refuse one that no company can have."""
    domain = checked_domain(text)
    _refuse_public(workspace_id, domain)
    internal = _internal_above(workspace_id, domain)
    if internal:
        _refuse(
            _(
                "%(domain)s is internal, because %(internal)s is your own domain. Companies are"
                " outsiders, so remove it from the internal domains first."
            ),
            domain=domain,
            internal=internal,
        )
    return domain


def claim_as_internal(workspace_id: uuid.UUID, text: str) -> str:
    """Return the domain in its normal form, or refuse one that covers outsiders."""
    domain = checked_domain(text)
    _refuse_public(workspace_id, domain)
    owner = _company_at_or_below(workspace_id, domain)
    if owner:
        _refuse(
            _(
                "%(domain)s covers %(owned)s, which belongs to %(company)s. Take it from the"
                " company first if its people are yours."
            ),
            domain=domain,
            owned=owner.domain,
            company=owner.company.name,
        )
    return domain


def claim_as_public(workspace_id: uuid.UUID, text: str) -> str:
    """Return the domain in its normal form, or refuse one that is a company's or internal."""
    domain = checked_domain(text)
    owner = _company_at_or_below(workspace_id, domain)
    if owner:
        _refuse(
            _(
                "%(domain)s covers %(owned)s, which belongs to %(company)s. Take it from the"
                " company first if anybody can get a mailbox there."
            ),
            domain=domain,
            owned=owner.domain,
            company=owner.company.name,
        )
    internal = _internal_above(workspace_id, domain)
    if internal:
        _refuse(
            _("%(domain)s is internal, because %(internal)s is your own domain."),
            domain=domain,
            internal=internal,
        )
    return domain


def checked_domain(text: str) -> str:
    """Return a domain in its normal form, or refuse what is none."""
    domain = normalise_domain(text.strip().removeprefix("@"))
    if domain is None or domain not in suffixes(domain):
        _refuse(
            _(
                "%(text)s is not a domain. Write it like acme.example, without http:// and without"
                " a person's name."
            ),
            text=shorten(text),
        )
    return domain


def is_public(workspace_id: uuid.UUID, domain: str) -> bool:
    """Tell whether strangers share this domain, by the lists that ship or by the workspace's."""
    if is_public_suffix(domain) or is_public_mail_domain(domain):
        return True
    return PublicMailDomain.objects.filter(
        workspace_id=workspace_id, domain__in=suffixes(domain)
    ).exists()


def _refuse_public(workspace_id: uuid.UUID, domain: str) -> None:
    if is_public_suffix(domain):
        _refuse(
            _(
                "%(domain)s is a public suffix: anybody can register a name below it, so it belongs"
                " to nobody."
            ),
            domain=domain,
        )
    if is_public(workspace_id, domain):
        _refuse(
            _(
                "%(domain)s is a public mailbox provider, so mail from it says nothing about a"
                " company. Add the person's address to a contact instead."
            ),
            domain=domain,
        )


def _internal_above(workspace_id: uuid.UUID, domain: str) -> str | None:
    covering = suffixes(domain)
    if settings.INBOUND_DOMAIN in covering:
        return str(settings.INBOUND_DOMAIN)
    internal = InternalDomain.objects.filter(workspace_id=workspace_id, domain__in=covering)
    return internal.values_list("domain", flat=True).first()


def _company_at_or_below(workspace_id: uuid.UUID, domain: str) -> CompanyDomain | None:
    covered = Q(domain=domain) | Q(domain__endswith=f".{domain}")
    owned = CompanyDomain.objects.select_related("company").filter(workspace_id=workspace_id)
    return owned.filter(covered).order_by("domain").first()


def _refuse(sentence: str, **names: str) -> NoReturn:
    raise DirectoryProblem(sentence % names, field="domain")
