"""Who is in the demo: two members, two projects, their customers. Example domains only."""

from dataclasses import dataclass

OWN_DOMAIN = "demo.example"
IGNORED = "digest.example"


@dataclass(frozen=True)
class DemoMember:
    name: str
    role: str

    @property
    def address(self) -> str:
        return f"{self.name.split()[0].lower()}@{OWN_DOMAIN}"


@dataclass(frozen=True)
class DemoCompany:
    name: str
    domain: str
    projects: tuple[str, ...]


@dataclass(frozen=True)
class DemoContact:
    name: str
    address: str
    company: str
    projects: tuple[str, ...]


ONBOARDING, RENEWALS = "Onboarding", "Renewals"

ANA, BEN = DemoMember("Ana Demo", "owner"), DemoMember("Ben Demo", "member")

COMPANIES = (
    DemoCompany("Acme Tools", "acme.example", (ONBOARDING,)),
    DemoCompany("Harbour Freight Lines", "harbour.example", (RENEWALS,)),
    DemoCompany("Lumen Labs", "lumen.example", (ONBOARDING, RENEWALS)),
    DemoCompany("Kestrel Insurance", "kestrel.example", (RENEWALS,)),
)

CONTACTS = (
    DemoContact("Jane Okafor", "jane.okafor@acme.example", "Acme Tools", (ONBOARDING,)),
    DemoContact("Tomas Lind", "tomas.lind@harbour.example", "Harbour Freight Lines", (RENEWALS,)),
    DemoContact("Mia Costa", "mia.costa@lumen.example", "Lumen Labs", (ONBOARDING, RENEWALS)),
    DemoContact("Priya Raman", "priya@raman-studio.example", "", (ONBOARDING,)),
    DemoContact("Sofia Berg", "sofia.berg@kestrel.example", "Kestrel Insurance", (RENEWALS,)),
)
