"""What a push says, in house words. It is a hint: it carries no mail and decides nothing."""

from dataclasses import dataclass, field
from enum import StrEnum


class News(StrEnum):
    """Why a service calls: there may be mail, or its subscription needs looking after."""

    MAIL = "mail"
    ENDS_SOON = "ends soon"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Push:
    """One item: the provider's name of a subscription, the secret that it came with, the news."""

    subscription: str
    secret: str = field(repr=False)
    news: News = News.MAIL
