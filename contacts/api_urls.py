"""The addresses of the directory's API, under /api/v1/w/<slug>/."""

from rest_framework.routers import SimpleRouter

from contacts.api.companies import CompanyViewSet
from contacts.api.contacts import ContactViewSet, ProfileViewSet
from contacts.api.projects import InternalDomainViewSet, ProjectViewSet

app_name = "contacts_api"

router = SimpleRouter(use_regex_path=False)
router.register("companies", CompanyViewSet, basename="company")
router.register("contacts", ContactViewSet, basename="contact")
router.register("profiles", ProfileViewSet, basename="profile")
router.register("projects", ProjectViewSet, basename="project")
router.register("internal-domains", InternalDomainViewSet, basename="internal_domain")

urlpatterns = router.urls
