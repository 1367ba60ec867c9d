"""Makes the contacts that decisions ask for (R6): once, however many copies arrive at a time."""

from collections.abc import Sequence
from uuid import UUID

from accounts.tenancy import uuid7_text
from activities.matching.decision import Recorded
from activities.services import rows
from activities.services.judge import Judged
from activities.services.private_rows import Statement
from activities.services.rows import Row
from contacts.addresses import without_tag
from contacts.models import Contact, ContactAddress, Profile

MadeContacts = dict[str, str]
"""The contact's id by address (without +tag)."""


def make_contacts(
    workspace_id: UUID, judged: Sequence[Judged]
) -> tuple[MadeContacts, list[Statement]]:
    """Claim the addresses of new contacts and return whose they are now, with what is to write.

    The unique address decides a race: whoever comes second uses the first one's contact. The
    contacts themselves are among the statements, since their keys are checked at the commit.
    No query where nobody is to be made; otherwise one, and a second one after a lost race.
    """
    wanted: dict[str, tuple[Recorded, str]] = {}
    profiles: list[Row] = []
    for one in judged:
        for record in one.decision.recorded:
            if record.creates_contact:
                wanted.setdefault(without_tag(record.address), (record, _name(one, record)))
    made = _claim(workspace_id, sorted(wanted))
    contacts: list[Row] = [
        {
            "id": made.contacts[address],
            "name": wanted[address][1],
            "company_id": wanted[address][0].company_id,
            "profiles_chosen": False,
        }
        for address in made.fresh
    ]
    for one in judged:
        for record in one.decision.recorded:
            if record.creates_contact or record.creates_profile:
                contact = record.contact_id or made.contacts[without_tag(record.address)]
                profiles.append(
                    {
                        "id": uuid7_text(),
                        "contact_id": contact,
                        "project_id": record.project_id,
                        "origin": Profile.Origin.ENGINE,
                    }
                )
    return made.contacts, [
        rows.insert(workspace_id, Contact, contacts),
        rows.insert(
            workspace_id,
            Profile,
            profiles,
            conflict="(workspace_id, contact_id, project_id) do nothing",
        ),
    ]


class _Claimed:
    """Whose the claimed addresses are, and which of them were free."""

    def __init__(self, contacts: MadeContacts, fresh: list[str]) -> None:
        self.contacts, self.fresh = contacts, fresh


def _claim(workspace_id: UUID, addresses: list[str]) -> _Claimed:
    if not addresses:
        return _Claimed({}, [])
    ids = {address: uuid7_text() for address in addresses}
    claim = [{"id": uuid7_text(), "contact_id": ids[one], "address": one} for one in addresses]
    won = rows.fetch(
        rows.insert(
            workspace_id,
            ContactAddress,
            claim,
            conflict="(workspace_id, address) do nothing",
            returning="address",
        )
    )
    fresh = [address for (address,) in won]
    lost = sorted(ids.keys() - set(fresh))
    if lost:
        owners = ContactAddress.objects.filter(workspace_id=workspace_id, address__in=lost)
        ids |= {address: str(owner) for address, owner in owners.values_list("address", "contact")}
    return _Claimed(ids, fresh)


def _name(one: Judged, record: Recorded) -> str:
    """The name that the mail gives the person, or what stands before the @."""
    for person in one.copy.message.participants:
        if person.address == record.address and person.name.strip():
            return person.name.strip()[:200]
    return record.address.rpartition("@")[0][:200]
