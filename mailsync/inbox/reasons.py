"""The reasons for which mail stays private, as the filter of the list names them."""

from django.utils.translation import gettext_lazy as _

# By the rule that decided, in the order of the engine's headline.
REASONS = {
    "R3": _("Ignored"),
    "R4": _("Only colleagues on it"),
    "V2": _("Taken back"),
    "U2": _("Dismissed"),
    "R8": _("Thread taken out"),
    "R11": _("Automated mail"),
    "R6": _("Project makes no contacts"),
    "R7": _("Belongs to other projects"),
    "V4": _("Erased person"),
    "C1": _("Mailbox does not look back"),
    "R9": _("Nobody recognised"),
}
