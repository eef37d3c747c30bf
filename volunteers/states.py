"""The words of this package that rules and models share."""

from enum import StrEnum

CONSENT_TEXT = "2026-11"  # version of the text on the sign-up form


class PersonKind(StrEnum):
    VOLUNTEER = "volunteer"
    COMMUNITY_STAFF = "community_staff"
    GRID_MEMBER = "grid_member"
    SOCIAL_WORKER = "social_worker"
    SECONDED = "seconded"
    MEDICAL = "medical"
    AGENCY = "agency"
    DRIVER = "driver"


class Channel(StrEnum):
    """How a sign-up or an enrolment came in."""

    WEB = "web"
    API = "api"
    DESK = "desk"
    WALK_IN = "walk_in"
    CHAIN = "chain"
    PLEDGE = "pledge"


class Purpose(StrEnum):
    """What somebody consented to."""

    SERVICE = "service"
    SKILLS = "skills"
    URGENT_CALLS = "urgent_calls"
    PUBLICITY = "publicity"
    EMERGENCY_CONTACT = "emergency_contact"
