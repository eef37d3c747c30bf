"""The states of calls, shifts and sign-ups, and which of them hold a seat or a person's time (domain.md 5)."""

from enum import StrEnum


class CallStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ShiftStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class SignUpStatus(StrEnum):
    INVITED = "invited"
    SIGNED_UP = "signed_up"
    WAITLISTED = "waitlisted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    CHECKED_IN = "checked_in"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    EXPIRED = "expired"


HOLDS_TIME = frozenset({SignUpStatus.SIGNED_UP, SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN})
HOLDS_SEAT = HOLDS_TIME | {SignUpStatus.INVITED}
FILLS_SEAT = HOLDS_SEAT | {SignUpStatus.COMPLETED}  # a seat served is not given out again
ALIVE = HOLDS_SEAT | {SignUpStatus.WAITLISTED}
SURE = frozenset({SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN, SignUpStatus.COMPLETED})


class Answer(StrEnum):
    """What a one-tap link says."""

    COME = "come"
    CANNOT = "cannot"
    ON_MY_WAY = "on_my_way"


class PledgeStatus(StrEnum):
    OPEN = "open"
    NAMED = "named"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class ProposalKind(StrEnum):
    """What needs a second person's word."""

    CHECK_OUT = "check_out"
    CORRECT = "correct"


class CallReply(StrEnum):
    """What somebody says to a call without signing up."""

    REMIND_ME = "remind_me"
    NOT_THIS_TIME = "not_this_time"
