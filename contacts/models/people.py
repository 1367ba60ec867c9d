"""Contacts, their addresses, and their places in projects."""

from django.db import models
from django.db.models.functions import Lower, Now

from accounts.models import Member
from accounts.tenancy import WorkspaceModel, owned
from contacts.models.companies import Company
from contacts.models.projects import Project


class Contact(WorkspaceModel):
    """A person with one or more addresses.

    `profiles_chosen` is set once a person gave, imported or took away one of its profiles: such a
    contact is as good as unknown in other projects (R7).
    """

    name = models.CharField(max_length=200, blank=True)
    company = models.ForeignKey(
        Company,
        on_delete=models.SET_NULL,
        db_constraint=False,
        db_index=False,
        null=True,
        blank=True,
        related_name="contacts",
    )
    profiles_chosen = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [*owned("contacts_contact", "company")]
        indexes = [
            models.Index("workspace", Lower("name"), "id", name="contacts_contact_name_ix"),
            models.Index(fields=["workspace", "company"], name="contacts_contact_company_ix"),
        ]

    def __str__(self) -> str:
        return self.name or "Unnamed contact"


class ContactAddress(WorkspaceModel):
    """An address of a contact; no other contact of the workspace has it."""

    contact = models.ForeignKey(
        Contact,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="addresses",
    )
    address = models.CharField(max_length=254)

    class Meta:
        verbose_name_plural = "contact addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "address"], name="contacts_contactaddress_once"
            ),
            *owned("contacts_contactaddress", "contact"),
        ]
        indexes = [models.Index(fields=["workspace", "contact"], name="contacts_contactaddress_ix")]

    def __str__(self) -> str:
        return self.address


class Profile(WorkspaceModel):
    """A contact's place in one project."""

    class Origin(models.TextChoices):
        PERSON = "person", "Given by a person"
        IMPORT = "import", "Imported"
        ENGINE = "engine", "Made from a company's domain"

    contact = models.ForeignKey(
        Contact,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="profiles",
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="profiles",
    )
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.PERSON)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "contact", "project"], name="contacts_profile_once"
            ),
            *owned("contacts_profile", "contact", "project"),
        ]
        indexes = [models.Index(fields=["workspace", "project"], name="contacts_profile_ix")]

    def __str__(self) -> str:
        return f"{self.contact_id} in {self.project_id}"


class ErasedAddress(WorkspaceModel):
    """The keyed hash of an address that was erased on request; it matches nobody (V4).

    The hash is `accounts.sealing.keyed_hash("erased", workspace id, address)`.
    """

    address_hash = models.BinaryField(max_length=32)
    erased_by = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    erased_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "erased addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "address_hash"], name="contacts_erasedaddress_once"
            ),
            *owned("contacts_erasedaddress", "erased_by"),
        ]

    def __str__(self) -> str:
        return "erased address"
