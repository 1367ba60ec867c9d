"""Who the customers are: companies, contacts, projects, and the domains that are our own."""

from django.db import models
from django.db.models.functions import Lower, Now

from accounts.models import Member
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


class Project(WorkspaceModel):
    """A body of work with contacts of its own, and how its mail is logged."""

    name = models.CharField(max_length=200)
    interaction_type = models.CharField(max_length=60, default="Email")
    creates_contacts = models.BooleanField(default=True)
    assigns_forwards = models.BooleanField(default=False)
    open_to_all = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [*owned("contacts_project")]
        indexes = [models.Index("workspace", Lower("name"), "id", name="contacts_project_name_ix")]

    def __str__(self) -> str:
        return self.name


class ProjectMember(WorkspaceModel):
    """A member who may see a project that is not open to the whole workspace."""

    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="named_members",
    )
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "project", "member"], name="contacts_projectmember_once"
            ),
            *owned("contacts_projectmember", "project", "member"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.project_id}"


class ProjectCompany(WorkspaceModel):
    """A company that belongs to a project."""

    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="project_companies",
    )
    company = models.ForeignKey(
        Company,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="company_projects",
    )

    class Meta:
        verbose_name_plural = "project companies"
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "project", "company"], name="contacts_projectcompany_once"
            ),
            *owned("contacts_projectcompany", "project", "company"),
        ]
        indexes = [models.Index(fields=["workspace", "company"], name="contacts_projectcompany_ix")]

    def __str__(self) -> str:
        return f"{self.company_id} in {self.project_id}"


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


class DirectoryChange(WorkspaceModel):
    """A change that may decide mail anew, written by whoever makes it (C1).

    `kind` says how `value` finds the mail: by an exact address, by a domain with its subdomains,
    by everything of one channel or thread (`value` is its id), or by nothing less than everything.
    """

    class Kind(models.TextChoices):
        ADDRESS = "address", "Address"
        DOMAIN = "domain", "Domain"
        CHANNEL = "channel", "Channel"
        THREAD = "thread", "Thread"
        EVERYTHING = "everything", "Everything"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=254, blank=True)
    made_by = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    made_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0)
    progress = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [*owned("contacts_directorychange", "made_by", routed=True)]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at=None),
                name="contacts_change_due_ix",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
