"""What can be told. A package registers its kinds; delivery knows nothing else about them."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from communities.rules.customs import Customs
from communities.states import Topic


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in the hands of one sender. `attempts` counts this one."""

    id: int
    kind: str
    key: str
    target: int
    reader: int | None
    robot: int | None
    facts: dict[str, Any]
    channel: str
    attempts: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the text of an open call is made of, at least.

    `urgent`: reaches at night those who agreed to that. `emergency`: somebody who may has broken the quiet hours.
    """

    customs: Customs = field(default_factory=Customs)
    urgent: bool = False
    emergency: bool = False


type Contexts = Callable[[Sequence[Claimed], datetime], Mapping[int, Any]]
type Halted = Callable[[Sequence[Claimed], datetime], Set[int]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of message.

    `contexts` reads, in a constant number of queries, what the texts need, by message id; a message that is missing
    from its answer is out of date and will not be sent. `subject` and `text` speak the active language.
    `own_duty`: about something the reader has taken on, so quiet hours do not bind it. `vital`: told even to those
    who want no notices, since they would stand before a closed gate otherwise. `halted`: asked just before messages
    leave, which of them must not any more. `topic`: what its readers may want no more of; never of their own duties.
    """

    name: str
    contexts: Contexts
    subject: Callable[[Any], str]
    text: Callable[[Any], str]
    own_duty: bool = True
    vital: bool = False
    queue: str = "messages"
    halted: Halted | None = None
    topic: Topic | None = None


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    for kind in kinds:
        KINDS[kind.name] = kind
