"""The pages of the directory, under /w/<slug>/."""

from django.urls import path

from contacts.views import companies, contacts, domains, endings, imports, projects

app_name = "contacts"

CONTACT = "contacts/<uuid:contact_id>/"
COMPANY = "companies/<uuid:company_id>/"
PROJECT = "projects/<uuid:project_id>/"
SETTINGS = "settings/"

urlpatterns = [
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/new/", contacts.new_contact, name="contact_new"),
    path(CONTACT + "edit/", contacts.contact_edit, name="contact_edit"),
    path(CONTACT + "addresses/", contacts.addresses, name="contact_addresses"),
    path(CONTACT + "addresses/removal/", contacts.address_removal, name="contact_address_removal"),
    path(CONTACT + "profiles/", contacts.profiles, name="contact_profiles"),
    path(CONTACT + "profiles/removal/", contacts.profile_removal, name="contact_profile_removal"),
    path(CONTACT + "merge/", endings.contact_merge, name="contact_merge"),
    path(CONTACT + "deletion/", endings.contact_deletion, name="contact_deletion"),
    path("companies/", companies.companies, name="companies"),
    path("companies/new/", companies.new_company, name="company_new"),
    path(COMPANY + "edit/", companies.company_edit, name="company_edit"),
    path(COMPANY + "domains/", companies.domains, name="company_domains"),
    path(COMPANY + "domains/removal/", companies.domain_removal, name="company_domain_removal"),
    path(COMPANY + "projects/", companies.projects, name="company_projects"),
    path(COMPANY + "projects/removal/", companies.project_removal, name="company_project_removal"),
    path(COMPANY + "merge/", endings.company_merge, name="company_merge"),
    path(COMPANY + "deletion/", endings.company_deletion, name="company_deletion"),
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.new_project, name="project_new"),
    path(PROJECT + "edit/", projects.project_edit, name="project_edit"),
    path(PROJECT + "deletion/", endings.project_deletion, name="project_deletion"),
    path(SETTINGS + "internal-domains/", domains.internal_domains, name="internal_domains"),
    path(
        SETTINGS + "internal-domains/<uuid:domain_id>/removal/",
        domains.internal_domain_removal,
        name="internal_domain_removal",
    ),
    path(SETTINGS + "mailbox-providers/", domains.public_domains, name="public_domains"),
    path(
        SETTINGS + "mailbox-providers/<uuid:domain_id>/removal/",
        domains.public_domain_removal,
        name="public_domain_removal",
    ),
    path(
        SETTINGS + "former-addresses/<uuid:address_id>/release/",
        domains.release,
        name="address_release",
    ),
    path(
        SETTINGS + "former-addresses/<uuid:address_id>/release/removal/",
        domains.release_removal,
        name="address_release_removal",
    ),
    path(SETTINGS + "import/", imports.directory_import, name="import"),
]
