"""A new workspace and the person who made it."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import audit, tenancy
from accounts.models import Member, Role, User, Workspace
from accounts.problems import PeopleProblem
from accounts.services.addresses import keep_sign_in_address

# A slug is an address of ours, so words that look like our own pages are not given out.
RESERVED = frozenset({"new", "api", "admin", "static", "accounts", "settings", "workspaces", "www"})
SHORTEST, LONGEST = 2, 40


def create_workspace(user: User, *, name: str, slug: str, member_name: str) -> Member:
    """Create a workspace with `user`, whose sign-in address is verified, as its owner.

    The apps above add what a workspace starts with (its first project): the functions that
    settings.NEW_WORKSPACE_STEPS names get the workspace's id and the owner, in this transaction.
    """
    checked = check_slug(slug)
    workspace = Workspace(name=name.strip(), slug=checked)
    try:
        with transaction.atomic(), tenancy.in_workspace(workspace.id):
            workspace.save(force_insert=True)
            owner = Member.objects.create(
                workspace=workspace, user=user, role=Role.OWNER, name=member_name.strip()
            )
            keep_sign_in_address(workspace.id, owner, email=user.email)
            audit.record(
                workspace.id, owner, "workspace created", workspace, after={"name": workspace.name}
            )
            with tenancy.in_workspace(workspace.id, owner.id):
                for step in settings.NEW_WORKSPACE_STEPS:
                    import_string(step)(workspace.id, owner)
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise PeopleProblem(_("This address is taken. Choose another one."), field="slug") from None
    return owner


def check_slug(text: str) -> str:
    """A usable slug, or PeopleProblem with what is wrong with this one."""
    slug = text.strip().lower()
    if slug != slugify(slug) or not SHORTEST <= len(slug) <= LONGEST:
        raise PeopleProblem(
            _("Use %(shortest)s to %(longest)s letters, digits and hyphens, like northbeam.")
            % {"shortest": SHORTEST, "longest": LONGEST},
            field="slug",
        )
    if slug in RESERVED:
        raise PeopleProblem(_("This address is taken. Choose another one."), field="slug")
    return slug
