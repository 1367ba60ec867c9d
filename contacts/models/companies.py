"""Companies and the domains they are recognised by."""

from django.db import models
from django.db.models.functions import Lower, Now

from accounts.tenancy import WorkspaceModel, owned


class Company(WorkspaceModel):
    """A customer, recognised by its domains."""

    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "companies"
        constraints = [*owned("contacts_company")]
        indexes = [models.Index("workspace", Lower("name"), "id", name="contacts_company_name_ix")]

    def __str__(self) -> str:
        return self.name


class CompanyDomain(WorkspaceModel):
    """A domain of a company; a shared one stands on several and recognises nobody (R6)."""

    company = models.ForeignKey(
        Company,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="domains",
    )
    domain = models.CharField(max_length=253)
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "domain"],
                condition=models.Q(shared=False),
                name="contacts_domain_one_company",
            ),
            models.UniqueConstraint(
                fields=["workspace", "company", "domain"], name="contacts_domain_once"
            ),
            *owned("contacts_companydomain", "company"),
        ]
        indexes = [models.Index(fields=["workspace", "domain"], name="contacts_domain_ix")]

    def __str__(self) -> str:
        return self.domain
