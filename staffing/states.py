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


class SwapStatus(StrEnum):
    PROPOSED = "proposed"
    AGREED = "agreed"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


SWAP_OPEN = frozenset({SwapStatus.PROPOSED, SwapStatus.AGREED})


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


class RunStatus(StrEnum):
    """Of a call that is told in waves."""

    RUNNING = "running"
    FILLED = "filled"
    DONE = "done"  # nobody is left to ask
    OVER = "over"  # the deadline has come, or the call takes nobody any more
    STOPPED = "stopped"


class Basis(StrEnum):
    """What a rule of a norm counts its people by."""

    LANE = "lane"
    POINT = "point"
    COMPOUND = "compound"
    HOUSEHOLD = "household"
    RESIDENT = "resident"
    ENTRANCE = "entrance"
    FIXED = "fixed"  # once for the whole plan


class Crewing(StrEnum):
    """How a window longer than one block is staffed."""

    SAME_CREW = "same_crew"
    STAGGERED = "staggered"
    TWO_CREWS = "two_crews"


class Verdict(StrEnum):
    """What a change of zones means for one seat."""

    STAYS = "stays"
    APPROVE = "approve"
    CANNOT_ENTER = "cannot_enter"
    CANNOT_LEAVE = "cannot_leave"
    ON_DUTY = "on_duty"


LOST = frozenset({Verdict.CANNOT_ENTER, Verdict.CANNOT_LEAVE})


class RideStatus(StrEnum):
    POSTED = "posted"
    GRABBED = "grabbed"
    EN_ROUTE = "en_route"
    PICKED_UP = "picked_up"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


RIDE_MOVING = frozenset({RideStatus.EN_ROUTE, RideStatus.PICKED_UP})
RIDE_HELD = RIDE_MOVING | {RideStatus.GRABBED}
RIDE_OVER = frozenset({RideStatus.DONE, RideStatus.CANCELLED, RideStatus.EXPIRED})


class VehicleClass(StrEnum):
    CLEAN = "clean"
    PROTECTED = "protected"


class ChainState(StrEnum):
    """What has become of a line of a chain list."""

    ENTERED = "entered"
    ASKING = "asking"  # waits for somebody's answer
    ASIDE = "aside"  # answered with "leave it"
    TAKEN_BACK = "taken_back"


class Aim(StrEnum):
    """What a milestone measures. Each counts what is still open of how many."""

    GAP = "gap"  # seats nobody has said yes to, of the community's own
    PLACEMENT = "placement"  # sign-ups that wait for a word, the person's or the lead's
    RIDES = "rides"  # rides to these shifts without a driver
    LEADERS = "leaders"  # shifts whose leader is not on site
    IN_PLACE = "in_place"  # seats whose holder is not checked in


class Light(StrEnum):
    MET = "met"
    AHEAD = "ahead"
    AMBER = "amber"
    RED = "red"


class SecondmentStatus(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"  # by the unit that lends
    ACCEPTED = "accepted"  # by the community that receives, with a role
    ACKNOWLEDGED = "acknowledged"  # by the person
    ACTIVE = "active"
    ENDED = "ended"
    RECALLED = "recalled"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


SECONDMENT_BINDS = frozenset({SecondmentStatus.ACCEPTED, SecondmentStatus.ACKNOWLEDGED, SecondmentStatus.ACTIVE})
SECONDMENT_OPEN = SECONDMENT_BINDS | {SecondmentStatus.PROPOSED, SecondmentStatus.APPROVED}


class FillingStatus(StrEnum):
    """How far a proposal to fill open seats has come."""

    SOLVING = "solving"
    READY = "ready"
    ADOPTED = "adopted"
    STOPPED = "stopped"
    FAILED = "failed"
    UNDONE = "undone"


class Mark(StrEnum):
    """What the lead said about a proposed seat, for when it is worked out again."""

    FREE = "free"
    PINNED = "pinned"
    BANNED = "banned"


class MoveStatus(StrEnum):
    """What has become of a proposed seat."""

    PROPOSED = "proposed"
    INVITED = "invited"
    PLACED = "placed"
    GONE = "gone"
    UNDONE = "undone"


class LendingStatus(StrEnum):
    """What has become of a proposal that one community lends people to another."""

    PROPOSED = "proposed"
    AGREED = "agreed"  # by both communities
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class LendingEnd(StrEnum):
    """Which of the two communities says something."""

    GIVER = "giver"
    TAKER = "taker"


class Outlook(StrEnum):
    """When a community will be complete."""

    ON_TIME = "on_time"
    UNKNOWN = "unknown"
    LATE = "late"
    NEVER = "never"  # not by itself


class Ranking(StrEnum):
    """In which order communities are listed."""

    SHARE = "share"
    MISSING = "missing"
    READY = "ready"
    NAME = "name"


class DoorOutcome(StrEnum):
    """What a knock at a door came to."""

    PENDING = "pending"
    NOTIFIED = "notified"
    NO_ANSWER = "no_answer"
    HOME_SERVICE = "home_service"
    VACANT = "vacant"
    REFUSED = "refused"


class Need(StrEnum):
    """What a household asks for at home: a code, never a name or an illness."""

    SAMPLING = "sampling"
    MEDICINE = "medicine"
    FOOD = "food"
    CARE = "care"
    REPAIR = "repair"


class HomeStatus(StrEnum):
    OPEN = "open"
    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


HOME_LIVE = frozenset({HomeStatus.OPEN, HomeStatus.PLANNED})


class CloseOutStatus(StrEnum):
    """proposed -> agreed -> running -> done, or withdrawn before it runs."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    RUNNING = "running"
    DONE = "done"
    WITHDRAWN = "withdrawn"


CLOSE_OUT_OPEN = frozenset({CloseOutStatus.PROPOSED, CloseOutStatus.AGREED, CloseOutStatus.RUNNING})


class Cause(StrEnum):
    """Why an account's identity is gone."""

    OWN_WISH = "own_wish"
    CLOSE_OUT = "close_out"
    TIME = "time"


class Kept(StrEnum):
    """Why somebody keeps their name when an incident is closed out."""

    AGREED = "agreed"  # they asked to stay on the list
    ROLE = "role"
    ELSEWHERE = "elsewhere"  # they serve, or are known, outside of what is closed


class BroadcastStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    STOPPED = "stopped"


class Urgency(StrEnum):
    """When a broadcast leaves."""

    EVENING = "evening"  # with the evening's digest
    DAY = "day"  # at once, but not in quiet hours
    EMERGENCY = "emergency"  # at once, at night too; needs a reason


class TeamPart(StrEnum):
    """What somebody is in a team."""

    LEADER = "leader"
    DEPUTY = "deputy"
    MEMBER = "member"


class Duty(StrEnum):
    """What somebody does in a task force."""

    LEAD = "lead"
    DEPUTY = "deputy"
    POSTS = "posts"
    SUPPLIES = "supplies"
    RECORDS = "records"


class ExtensionStatus(StrEnum):
    """What became of asking for more time."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"


class SupplyNeed(StrEnum):
    """What a household asks to be brought: a code, never a name or an illness."""

    FOOD = "food"
    WATER = "water"
    MEDICINE = "medicine"
    INFANT = "infant"
    HYGIENE = "hygiene"
    OTHER = "other"


class SupplyStatus(StrEnum):
    OPEN = "open"
    MATCHED = "matched"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


SUPPLY_HELD = frozenset({SupplyStatus.MATCHED, SupplyStatus.DELIVERING})
SUPPLY_OVER = frozenset({SupplyStatus.DELIVERED, SupplyStatus.CANCELLED})


class Trade(StrEnum):
    """What an outside crew keeps going."""

    POWER = "power"
    TELECOM = "telecom"
    WATER = "water"
    GAS = "gas"
    LIFT = "lift"
    OTHER = "other"
