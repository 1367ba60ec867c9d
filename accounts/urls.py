"""The pages of accounts: those of a person, and those of a workspace's people."""

from django.urls import path

from accounts.views import (
    audit,
    invitations,
    keys,
    members,
    outbox,
    people,
    profile,
    workspaces,
)

app_name = "accounts"

SETTINGS = "w/<slug:slug>/settings/"

urlpatterns = [
    path("", workspaces.home, name="home"),
    path("workspaces/", workspaces.workspaces, name="workspaces"),
    path("workspaces/new/", workspaces.new_workspace, name="new_workspace"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("outbox/", outbox.outbox, name="outbox"),
    path(SETTINGS, profile.settings, name="settings"),
    path(SETTINGS + "profile/", profile.profile, name="profile"),
    path(SETTINGS + "addresses/", profile.addresses, name="addresses"),
    path(
        SETTINGS + "addresses/<uuid:address_id>/removal/",
        profile.address_removal,
        name="address_removal",
    ),
    path(
        SETTINGS + "addresses/<uuid:address_id>/release/", members.release, name="address_release"
    ),
    path(SETTINGS + "addresses/proof/<str:token>/", profile.address_proof, name="address_proof"),
    path(SETTINGS + "people/", people.people, name="people"),
    path(SETTINGS + "people/invitations/", people.invitations, name="invitations"),
    path(
        SETTINGS + "people/invitations/<uuid:invitation_id>/removal/",
        people.withdrawal,
        name="invitation_removal",
    ),
    path(SETTINGS + "people/<uuid:member_id>/", members.member, name="member"),
    path(SETTINGS + "people/<uuid:member_id>/role/", members.role, name="member_role"),
    path(
        SETTINGS + "people/<uuid:member_id>/deactivation/",
        members.deactivation,
        name="member_deactivation",
    ),
    path(
        SETTINGS + "people/<uuid:member_id>/deactivation/removal/",
        members.reactivation,
        name="member_reactivation",
    ),
    path(SETTINGS + "audit/", audit.audit, name="audit"),
    path(SETTINGS + "keys/", keys.api_keys, name="api_keys"),
    path(SETTINGS + "keys/<uuid:key_id>/removal/", keys.removal, name="api_key_removal"),
]
