"""Projects, who may see them, and which companies belong to them."""

from django.db import models
from django.db.models.functions import Lower, Now

from accounts.models import Member
from accounts.tenancy import WorkspaceModel, owned
from contacts.models.companies import Company


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
