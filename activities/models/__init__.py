"""What happened, and what became of each mail."""

from activities.models.changes import Change, ChangeItem, TakenBack, TakenOut
from activities.models.channels import AutomatedClass, BlockedMail, Channel, ChannelProject, Entry
from activities.models.forwarded import ForwardedMail
from activities.models.messages import Attachment, Message, MessageBody, Participant, Sighting
from activities.models.private import PrivateMessage, PrivateParticipant
from activities.models.record import Activity, Assignment, PendingParticipant
from activities.models.threads import Thread, ThreadChoice, ThreadKey

__all__ = [
    "Activity",
    "Assignment",
    "Attachment",
    "AutomatedClass",
    "BlockedMail",
    "Change",
    "ChangeItem",
    "Channel",
    "ChannelProject",
    "Entry",
    "ForwardedMail",
    "Message",
    "MessageBody",
    "Participant",
    "PendingParticipant",
    "PrivateMessage",
    "PrivateParticipant",
    "Sighting",
    "TakenBack",
    "TakenOut",
    "Thread",
    "ThreadChoice",
    "ThreadKey",
]
