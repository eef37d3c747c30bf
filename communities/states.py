"""The words that models, rules and doors share. No Django here: rules speak them too."""

from enum import StrEnum


class Level(StrEnum):
    CITY = "city"
    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    GRID = "grid"


class RoleName(StrEnum):
    """Who somebody is on a node of the tree (domain.md 4.1)."""

    CITY_COMMAND = "city_command"
    DISTRICT_LEAD = "district_lead"
    SUBDISTRICT_LEAD = "subdistrict_lead"
    COMMUNITY_LEAD = "community_lead"
    GRID_MEMBER = "grid_member"
    POINT_LEAD = "point_lead"
    ORG_HR = "org_hr"
    AGENCY_LEAD = "agency_lead"
    TASKFORCE_LEAD = "taskforce_lead"
    ACTING_LEAD = "acting_lead"  # of a board that somebody above has taken over
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"


class ZoneLevel(StrEnum):
    """The levels of April 2022. Others are rows of ZonePolicy like these."""

    NONE = "none"
    PRECAUTION = "precaution"
    CONTROLLED = "controlled"
    LOCKDOWN = "lockdown"


class Entry(StrEnum):
    """Whom a zone lets in to serve."""

    ANYONE = "anyone"
    GROUP = "group"
    RESIDENTS = "residents"
    HOLDERS = "holders"  # of a pass


class ProposalStatus(StrEnum):
    """What became of a zone that somebody proposed."""

    PROPOSED = "proposed"
    SET = "set"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ZoneReason(StrEnum):
    """Why a zone changes: never about a person."""

    NOTICE = "notice"
    ROUND_RESULT = "round_result"
    HAZARD_NEAR = "hazard_near"
    HAZARD_OVER = "hazard_over"
    CORRECTION = "correction"
    EXERCISE = "exercise"


class MessageStatus(StrEnum):
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    GATHERED = "gathered"  # told as part of an evening's digest


class Topic(StrEnum):
    """What somebody may want to hear no more of. One's own duties are none of these."""

    CALLS = "calls"
    RIDES = "rides"
    NEWS = "news"
    TEAMS = "teams"
    TOGETHER = "together"


class HookStatus(StrEnum):
    """What became of a happening that a webhook is to be told."""

    WAITING = "waiting"
    SENDING = "sending"
    ARRIVED = "arrived"
    PARKED = "parked"  # given up; somebody may try it again


class OffReason(StrEnum):
    """Why a webhook was switched off."""

    BY_HAND = "by_hand"
    FAILING = "failing"
    GONE = "gone"  # it said so itself


RESOURCES = (
    "areas",
    "communities",
    "compounds",
    "sites",
    "sampling-points",
    "organisations",
    "volunteers",
    "roles",
    "norm-profiles",
    "rounds",
    "demand-plans",
    "call-ups",
    "shifts",
    "posts",
    "sign-ups",
    "swaps",
    "pledges",
    "secondments",
    "staff-imports",
    "staff-requests",
    "command-boards",
    "reports",
    "lendings",
    "proposals",
    "teams",
    "task-forces",
    "hand-overs",
    "joint-posts",
    "rights",
    "history-seals",
    "broadcasts",
    "notice-templates",
    "rotas",
    "outside-crews",
    "on-calls",
    "supplies",
    "equipment",
    "rides",
    "entrances",
    "door-rounds",
    "beats",
    "doors",
    "door-visits",
    "home-services",
    "messages",
    "me",
    "zone-policies",
    "zone-statuses",
    "zone-proposals",
    "zone-rechecks",
    "access-passes",
    "certificates",
    "close-outs",
    "webhooks",
)
SCOPES = frozenset({"read"} | {f"{resource}:{deed}" for resource in RESOURCES for deed in ("read", "write")})
