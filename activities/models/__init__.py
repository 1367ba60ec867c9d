"""What happened, and what became of each mail."""

from .changes import Change, ChangeItem, TakenBack
from .channels import AutomatedClass, BlockedMail, Channel, ChannelProject, Entry
from .messages import Attachment, Message, MessageBody, Participant, Sighting
from .private import PrivateMessage, PrivateParticipant
from .record import Activity, Assignment, PendingParticipant
from .threads import Thread, ThreadChoice, ThreadKey

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
    "Message",
    "MessageBody",
    "Participant",
    "PendingParticipant",
    "PrivateMessage",
    "PrivateParticipant",
    "Sighting",
    "TakenBack",
    "Thread",
    "ThreadChoice",
    "ThreadKey",
]
