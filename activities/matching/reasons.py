"""The sentence of every reason that keeps a mail off the record, and what would change it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence with the kinds of its arguments, in order, and the code of its remedy."""

    text: str
    arguments: tuple[str, ...] = ()
    remedy: str = ""


UNKNOWN_REASON = Reason("This mail was judged by a rule that is no longer in use.")

REASONS = {
    # R1
    "folder_not_selected": Reason(
        "It lies in a folder that is not selected for this mailbox.", (), "select_folder"
    ),
    "draft": Reason("It is a draft.", (), "send_draft"),
    "spam": Reason("It lies in spam.", (), "move_out"),
    "trash": Reason("It lies in the trash.", (), "move_out"),
    "before_start_date": Reason(
        "It was received before the start date of this mailbox.", (), "change_start_date"
    ),
    # R3
    "blocked": Reason("It matches {entry}, which is blocked.", ("entry",), "change_entry"),
    "blocked_later": Reason(
        "It matches {entry}, which is blocked; it was here before, so it is kept and not recorded.",
        ("entry",),
        "change_entry",
    ),
    "ignored": Reason("It matches {entry}, which is ignored.", ("entry",), "change_entry"),
    "original_sender_ignored": Reason(
        "The sender of the forwarded mail matches {entry}, which is kept out.",
        ("entry",),
        "change_entry",
    ),
    # B2
    "held": Reason("Its sender could not be verified.", (), "release"),
    "no_sender": Reason("It names nobody in From.", (), "release"),
    "several_senders": Reason("It names several people in From.", (), "release"),
    "not_a_member": Reason("Its sender is not a member of this workspace.", (), "release"),
    "may_not_write": Reason("Its sender may read here but not write.", (), "release"),
    "not_authenticated": Reason("Its sender failed authentication.", (), "release"),
    "loop": Reason("It goes in a circle: a machine passed it on again and again.", (), "release"),
    "too_many": Reason("More mail came within an hour than is taken unseen.", (), "release"),
    # B6
    "too_large": Reason("It is too large to be read.", (), "assign"),
    "unparseable": Reason("It could not be read.", (), "assign"),
    "too_many_addresses": Reason("It has more than 500 addresses.", (), "assign"),
    # R4, V2, U2, R8, R11
    "internal_only": Reason("Nobody from outside is on it.", (), "include_customer"),
    "taken_back": Reason("Its owner took it back.", (), "log_by_hand"),
    "dismissed": Reason("Somebody dismissed it as not about a customer.", (), "assign"),
    "taken_out": Reason("Somebody took its thread out of {project}.", ("project",), "add_thread"),
    "report": Reason("It is a delivery report.", (), "let_class_through"),
    "auto_reply": Reason("It is an automatic reply.", (), "let_class_through"),
    "calendar_reply": Reason("It answers an invitation.", (), "let_class_through"),
    "bulk": Reason("It was sent to a list or in bulk.", (), "let_class_through"),
    # C1, R6, R7, V4, R9
    "no_look_back": Reason(
        "It would be logged today, but its mailbox does not look back.", (), "look_back"
    ),
    "creates_no_contacts": Reason(
        "{address} is at a domain of {company}, but {project} does not create contacts from "
        "company domains.",
        ("address", "company", "project"),
        "create_contacts",
    ),
    "in_other_projects": Reason(
        "{address} belongs to {projects}, where this mail may not go by itself.",
        ("address", "projects"),
        "sync_project",
    ),
    "in_no_project": Reason(
        "{address} has no profile in any project.", ("address",), "add_profile"
    ),
    "nobody_to_ask": Reason(
        "{address} fits {projects}, and no member sent this mail who could pick.",
        ("address", "projects"),
        "assign",
    ),
    "erased": Reason(
        "The person at {address} was erased on request.", ("address",), "create_again"
    ),
    "nobody_recognised": Reason(
        "Nobody on it is a contact or at a company's domain.", (), "add_contact"
    ),
}

REMEDIES = {
    "select_folder": "Select the folder for this mailbox.",
    "send_draft": "It is judged once it is sent.",
    "move_out": "Move it to a folder that is selected.",
    "change_start_date": "Set an earlier start date for this mailbox.",
    "change_entry": "Change or remove the entry.",
    "release": "An admin can release it, discard it, or trust the sender.",
    "assign": "Assign it by hand.",
    "include_customer": "Mail with a customer on it is judged by itself.",
    "log_by_hand": "Log it by hand, or send it to the project's address.",
    "add_thread": "Add the thread to the project again.",
    "let_class_through": "An admin can let this class of mail through.",
    "look_back": "Let the mailbox look back.",
    "create_contacts": "Let the project create contacts from company domains.",
    "sync_project": "Add a profile in this mailbox's project, or add the thread to the project.",
    "add_profile": "Give the contact a profile in the project.",
    "create_again": "Only creating the contact again lifts this.",
    "add_contact": "Add the contact, or the domain to its company.",
    "pick_project": "Add the thread to one or several of these projects.",
}
