"""What else it settles to give a domain to a company, said before it is done (U2)."""

import uuid
from dataclasses import dataclass

from django.db.models import Q

from activities.models import Participant
from activities.selectors.asked import Asked
from activities.selectors.visible import Sight, waiting
from contacts.addresses import is_no_reply
from contacts.models import ContactAddress, Project

MOST = 99


@dataclass(frozen=True, slots=True)
class LinkEffect:
    """`places` counts the other waiting mails, `adds` the contacts made; `more` where one was
    cut off at what anybody reads."""

    places: int = 0
    adds: int = 0
    more: bool = False


def link_effect(sight: Sight, mail: Asked, domain: str) -> LinkEffect:
    """What the member would see settled of the waiting mail by this domain. Four queries.

    Only who stands on a mail itself is recognised: a forward of somebody at the domain waits on.
    """
    others = waiting(sight).filter(group_domain=domain)
    if mail.activity_id is not None:
        others = others.exclude(id=mail.activity_id)
    found = dict(others.values_list("message_id", "id").order_by("-occurred_at")[: MOST + 1])
    people = Participant.objects.filter(
        Q(address__endswith=f"@{domain}") | Q(address__endswith=f".{domain}"),
        workspace_id=sight.workspace_id,
        message_id__in=[one for one in found if one],
    ).values_list("message_id", "address")
    on_others = {message_id for message_id, _address in people}
    addresses = {address for _message_id, address in people}
    addresses |= {one for one in mail.outside if one.endswith((f"@{domain}", f".{domain}"))}
    return LinkEffect(
        min(len(on_others), MOST), _new_contacts(sight, mail, addresses), len(on_others) > MOST
    )


def _new_contacts(sight: Sight, mail: Asked, addresses: set[str]) -> int:
    """How many of these would become contacts; none where no project in scope makes any (R6)."""
    through: frozenset[uuid.UUID] = mail.through & sight.project_ids or sight.project_ids
    makes = Project.objects.filter(
        workspace_id=sight.workspace_id, id__in=through, creates_contacts=True
    )
    wanted = {one for one in addresses if not is_no_reply(one)}
    if not wanted or not makes.exists():
        return 0
    known = ContactAddress.objects.filter(
        workspace_id=sight.workspace_id, address__in=wanted
    ).values_list("address", flat=True)
    return len(wanted - set(known))
