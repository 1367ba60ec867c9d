"""Who the customers are: companies, contacts, projects, and the domains that are our own."""

from contacts.models.change import DirectoryChange
from contacts.models.companies import Company, CompanyDomain
from contacts.models.domains import InternalDomain, PublicMailDomain
from contacts.models.people import Contact, ContactAddress, ErasedAddress, Profile
from contacts.models.projects import Project, ProjectCompany, ProjectMember

__all__ = [
    "Company",
    "CompanyDomain",
    "Contact",
    "ContactAddress",
    "DirectoryChange",
    "ErasedAddress",
    "InternalDomain",
    "Profile",
    "Project",
    "ProjectCompany",
    "ProjectMember",
    "PublicMailDomain",
]
