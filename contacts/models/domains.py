"""Domains that are our own, and mailbox providers beyond the built-in list."""

from django.db import models

from accounts.tenancy import WorkspaceModel, owned


class InternalDomain(WorkspaceModel):
    """A domain, subdomains included, whose people are our own (R2)."""

    domain = models.CharField(max_length=253)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "domain"], name="contacts_internaldomain_once"
            ),
            *owned("contacts_internaldomain"),
        ]

    def __str__(self) -> str:
        return self.domain


class PublicMailDomain(WorkspaceModel):
    """A mailbox provider beyond the built-in list; never a company's domain (R6)."""

    domain = models.CharField(max_length=253)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "domain"], name="contacts_publicmaildomain_once"
            ),
            *owned("contacts_publicmaildomain"),
        ]

    def __str__(self) -> str:
        return self.domain
