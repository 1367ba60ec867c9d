"""In which order, and by which reason, somebody is suggested for a mail. No query."""

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from activities.selectors.asked import Asked
from activities.selectors.suggestion_sources import Known, plain, runs_of
from activities.selectors.whom import Key
from contacts.addresses import domain_of, without_tag
from contacts.models import Project

MOST = 6
MOST_OF_A_KIND = 3

_HASHED = re.compile(r"#([\w-]{1,100})")


@dataclass(frozen=True, slots=True)
class NamedProject:
    """A project that the mail names, and how; `hashed` with a # in the subject."""

    id: uuid.UUID
    name: str
    why: str
    hashed: bool = False


def ranked(mail: Asked, known: Known) -> dict[Key, str]:
    """Whom the mail may be about, each by the first reason that names them, the best first."""
    found: dict[Key, str] = {}
    for key, why in _reasons(mail, known):
        if len(found) >= MOST:
            break
        found.setdefault(key, why)
    return found


def _reasons(mail: Asked, known: Known) -> Iterator[tuple[Key, str]]:
    yield from _by_writer(mail, known)
    yield from _by_history(mail, known)
    yield from _by_domain(mail, known)
    yield from _by_the_way(mail, known)


def _by_writer(mail: Asked, known: Known) -> Iterator[tuple[Key, str]]:
    """Who wrote what was forwarded, whom a note names, and who is on the mail."""
    if mail.original:
        yield from _each(known.of(mail.original), _("Wrote the forwarded mail"))
    if mail.is_note:
        yield from _named(mail.subject, known, _("Is named in the subject"))
    for address in mail.outside:
        yield from _each(known.of(address), _("Is on this mail"))


def _by_history(mail: Asked, known: Known) -> Iterator[tuple[Key, str]]:
    """What was chosen for the address, the thread, and mail of the same people and subject."""
    for address in mail.writers:
        chosen = known.chosen.get(without_tag(address), ())
        yield from _each(chosen, _("Chosen before for this address"))
    thread = known.threads.get(mail.thread_id, ()) if mail.thread_id else ()
    yield from _each(thread, _("Other mails of this thread are recorded there"))
    for address in mail.writers if mail.folded else ():
        same = known.subjects.get((without_tag(address), mail.folded), ())
        yield from _each(same, _("Mail of the same people with this subject is recorded there"))


def _by_the_way(mail: Asked, known: Known) -> Iterator[tuple[Key, str]]:
    """Who has a name or stands in the forward, and who is named in subject or text."""
    if mail.original_name:
        same = known.names.get(mail.original_name.lower(), ())
        yield from _each(same, _("Has the name of who wrote the forwarded mail"))
    for address in mail.inside:
        yield from _each(known.of(address), _("Wrote a mail inside the forwarded one"))
    for address in mail.readers:
        yield from _each(known.of(address), _("Got the forwarded mail"))
    yield from _named(mail.subject, known, _("Is named in the subject"))
    yield from _named(mail.text, known, _("Is named in the text"))


def _each(keys: Iterable[Key], why: str) -> Iterator[tuple[Key, str]]:
    for key in list(dict.fromkeys(keys))[:MOST_OF_A_KIND]:
        yield key, why


def _by_domain(mail: Asked, known: Known) -> Iterator[tuple[Key, str]]:
    for address in mail.writers:
        domain = known.domain_of(address)
        for key, shared in known.domains.get(domain, ())[:MOST]:
            words = _("Shares %(domain)s") if shared else _("Has the domain %(domain)s")
            yield key, words % {"domain": domain}
        chosen = known.chosen_domains.get(domain_of(address), ())
        yield from _each(chosen, _("Chosen before for this domain"))


def _named(text: str, known: Known, why: str) -> Iterator[tuple[Key, str]]:
    keys = [key for run in runs_of(text) for key in known.names.get(run, ())]
    yield from _each(keys, why)


def named_projects(mail: Asked, known: Known) -> Iterator[NamedProject]:
    """Projects behind a # in the subject, then those whose name stands in the subject."""
    for word in _HASHED.findall(mail.subject):
        project = known.projects.get(plain(word))
        if project is not None:
            yield _project(project, _("Is named in the subject with a #"), hashed=True)
    for run in runs_of(mail.subject):
        project = known.projects.get(plain(run))
        if project is not None and project.name.lower() == run:
            yield _project(project, _("Is named in the subject"))


def _project(project: Project, why: str, *, hashed: bool = False) -> NamedProject:
    return NamedProject(project.id, project.name, why, hashed)
