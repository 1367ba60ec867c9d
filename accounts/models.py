"""Who may come in: users, workspaces, members and their addresses, and what people did."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now

from accounts.tenancy import APPEND_ONLY, WorkspaceModel, WorkspacePolicy, owned, uuid7


class UserManager(BaseUserManager["User"]):
    """Makes users by their email address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person who can sign in; a member of any number of workspaces."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    uses_keys = models.BooleanField(default=True, db_default=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email


class Workspace(models.Model):
    """The tenant. Two workspaces share nothing but the code."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            WorkspacePolicy(name="accounts_workspace_policy", column="id", routed=True),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    MEMBER = "member", "Member"
    VIEWER = "viewer", "Viewer"


class Member(WorkspaceModel):
    """A user inside one workspace. A deactivated one stays, so that the past keeps its names."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    name = models.CharField(max_length=200)
    signature = models.TextField(max_length=2000, blank=True)
    joined_at = models.DateTimeField(db_default=Now())
    deactivated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="accounts_member_user"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="accounts_member_role"
            ),
            *owned("accounts_member", routed=True),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_present(self) -> bool:
        return self.deactivated_at is None

    @property
    def is_admin(self) -> bool:
        return self.role in {Role.OWNER, Role.ADMIN}


class MemberAddress(WorkspaceModel):
    """An address that makes a participant internal (rule R2), and where we know it from.

    It counts as the member's own only when `verified_at` is set. `released_at` gives the address
    of a former member back to the world.
    """

    class Origin(models.TextChoices):
        SIGN_IN = "sign_in", "Sign-in address"
        EXTRA = "extra", "Extra address"
        MAILBOX = "mailbox", "Connected mailbox"
        ALIAS = "alias", "Alias of a mailbox"

    member = models.ForeignKey(
        Member,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="addresses",
    )
    address = models.CharField(max_length=254)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    verified_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "member", "address", "origin"],
                name="accounts_memberaddress_once",
            ),
            *owned("accounts_memberaddress", "member"),
        ]
        indexes = [models.Index(fields=["workspace", "address"], name="accounts_memberaddress_ix")]

    def __str__(self) -> str:
        return self.address


class Invitation(WorkspaceModel):
    """A mailed link by which one address may join. Only a hash of its token is kept."""

    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    token_hash = models.BinaryField(max_length=32)
    invited_by = models.ForeignKey(
        Member, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], name="accounts_invitation_token"),
            *owned("accounts_invitation", "invited_by", routed=True),
        ]

    def __str__(self) -> str:
        return self.email


class AddressProof(WorkspaceModel):
    """A mailed link by which a member proves that an extra address is theirs."""

    member_address = models.ForeignKey(
        MemberAddress,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    token_hash = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [*owned("accounts_addressproof", "member_address")]

    def __str__(self) -> str:
        return f"proof of {self.member_address_id}"


class ApiKey(WorkspaceModel):
    """A key for the API: shown once, kept as a hash, found by its prefix."""

    member = models.ForeignKey(
        Member,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="api_keys",
    )
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16)
    secret_hash = models.BinaryField(max_length=32)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prefix"], name="accounts_apikey_prefix"),
            *owned("accounts_apikey", "member", routed=True),
        ]

    def __str__(self) -> str:
        return self.name


class AuditEvent(WorkspaceModel):
    """Who did what to what. The application's role may insert and read, never change."""

    member = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
    )
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [*owned("accounts_auditevent", "member", verbs=APPEND_ONLY)]
        indexes = [models.Index(fields=["workspace", "-at", "-id"], name="accounts_audit_at_ix")]

    def __str__(self) -> str:
        return self.verb
