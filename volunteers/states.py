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
    STAYING = "staying"  # on the list after an incident is closed out


class ImportStatus(StrEnum):
    """How far a staff list has come."""

    UPLOADED = "uploaded"
    READ = "read"  # every row has its report; nothing is taken over yet
    DECIDED = "decided"  # somebody said: take it over
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"  # cannot be read


IMPORT_WORKS = frozenset({ImportStatus.UPLOADED, ImportStatus.DECIDED})


class RowState(StrEnum):
    """What a row of a staff list would do, or has done."""

    NEW = "new"
    KNOWN = "known"  # on the organisation's list already; the row may add to it
    WRONG = "wrong"
    TAKEN = "taken"


ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # of the numbers of certificates: nothing that is taken for something else
LENGTH = 12


class CompanionState(StrEnum):
    """How somebody sees who they come with: asked by them, asking them, or settled."""

    ASKED = "asked"
    ASKS_YOU = "asks_you"
    TOGETHER = "together"


class CertificateStatus(StrEnum):
    """asked -> issued -> revoked, or asked -> refused."""

    ASKED = "asked"
    ISSUED = "issued"
    REFUSED = "refused"
    REVOKED = "revoked"
