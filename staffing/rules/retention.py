"""What becomes of everything that can say who somebody is, or what was written about a case: one place for all rules.

A column that holds text stands in exactly one of these: it goes with a person (`OF_A_PERSON`), with the incident
(`OF_A_CASE`), or it says nothing about anybody (`NOTHING_PERSONAL`, with the word why). `TERMS` says how long what is
kept; docs/security.md prints it, and `tests/staffing/test_retention.py` holds the two and the tables together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Own:
    """Rows of a table that belong to a person. `whose` leads from the row to the account.

    With `blank` the row stays and these columns are emptied; without, the row goes. Its history goes the same way.
    """

    table: str
    whose: str
    blank: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """Rows of a table that belong to an incident: by the area they lead to, and the instant by which they were over."""

    table: str
    area: str
    at: str
    blank: Sequence[str] = ()


OF_A_PERSON: tuple[Own, ...] = (
    Own("communities.Message", "reader"),
    Own("communities.DeadEnd", "user"),
    Own("communities.ApiToken", "user"),
    Own("communities.IdempotentAnswer", "user"),
    Own("communities.OptOut", "user"),
    Own("communities.Browser", "user"),
    Own("account.EmailAddress", "user"),
    Own("mfa.Authenticator", "user"),
    Own("usersessions.UserSession", "user"),
    Own("admin.LogEntry", "user"),
    Own("volunteers.Affiliation", "volunteer__user"),
    Own("volunteers.Absence", "volunteer__user"),
    Own("volunteers.Availability", "volunteer__user"),
    Own("volunteers.CalendarFeed", "volunteer__user"),
    Own("volunteers.HeldQualification", "volunteer__user"),
    Own("volunteers.AccessPass", "volunteer__user"),
    Own("volunteers.StaffImportRow", "volunteer__user"),
    Own("volunteers.Companionship", "asker__user"),
    Own("volunteers.Companionship", "asked__user", ("asked",)),
    Own("staffing.ChainRow", "volunteer__user"),
    Own("staffing.ChainAlias", "volunteer__user"),
    Own("staffing.Move", "volunteer__user"),
    Own("staffing.Passenger", "sign_up__volunteer__user"),
    Own("staffing.Reply", "user"),
    Own("staffing.ComingAgain", "sign_up__volunteer__user"),
    Own("staffing.TeamMember", "volunteer__user"),
    Own("staffing.RotaMember", "volunteer__user"),
    Own("staffing.Driver", "volunteer__user", ("plate", "on_duty_until")),
    Own("staffing.SignUp", "volunteer__user", ("override_reason", "fit_for_duty")),
    Own("volunteers.Certificate", "volunteer__user", ("name", "reason")),
    Own(
        "volunteers.Volunteer",
        "user",
        ("residence", "is_adult", "identity_document", "identity_verified_at", "identity_verified_by"),
    ),
    Own("communities.User", "pk", ("name", "phone_cipher", "phone_hash", "email", "last_login", "muted_at")),
)

OF_A_CASE: tuple[Case, ...] = (
    Case("staffing.Passenger", "ride__area", "ride__pick_up_at"),
    Case("staffing.Ride", "area", "pick_up_at", ("origin_note", "reason")),
    Case("staffing.ChainRow", "chain__call_up__community", "chain__call_up__ends_at"),
    Case("staffing.ChainList", "call_up__community", "call_up__ends_at"),
    Case("staffing.Move", "filling__area", "filling__ends_at"),
    Case("staffing.Filling", "area", "ends_at"),
    Case("staffing.Broadcast", "area", "created_at"),
    Case("staffing.HandOver", "shift__site__area", "shift__ends_at"),
    Case("staffing.HandOver", "task_force__area", "written_at"),
    Case("staffing.Extension", "task_force__area", "until", ("reason",)),
    Case("staffing.SupplyRequest", "area", "due_at", ("place", "reason")),
    Case("staffing.OnCall", "site__area", "period__endswith", ("reason",)),
    Case("staffing.Inspection", "on_call__site__area", "on_call__period__endswith", ("finding",)),
    Case("staffing.SignUp", "shift__site__area", "shift__ends_at", ("override_reason", "fit_for_duty")),
    Case(
        "staffing.Shift",
        "site__area",
        "ends_at",
        ("briefing", "briefing_en", "override_reason", "cancel_reason"),
    ),
    Case("staffing.CallUp", "community", "ends_at", ("text", "text_en")),
    Case("staffing.DoorRound", "area", "ends_at", ("script", "script_en", "waiver")),
    Case("staffing.Rota", "area", "ended_at", ("briefing", "briefing_en")),
    Case("staffing.DemandPlan", "round__area", "ends_at", ("reason",)),
    Case("staffing.PlanOverride", "plan__round__area", "plan__ends_at", ("reason",)),
    Case("staffing.Lending", "taker", "period__endswith", ("reason", "answer")),
    Case("staffing.Takeover", "area", "period__endswith", ("reason",)),
    Case("communities.ZoneProposal", "compound__community", "since", ("answer",)),
    Case("communities.ZoneProposal", "area", "since", ("answer",)),
)


@dataclass(frozen=True, slots=True)
class Plain:
    """Columns of a table that hold text and name nobody, and why that is so."""

    table: str
    why: str
    columns: str


NOTHING_PERSONAL: tuple[Plain, ...] = (
    Plain("auth.Permission", "Django's", "name codename"),
    Plain("auth.Group", "Django's", "name"),
    Plain("contenttypes.ContentType", "Django's", "app_label model"),
    Plain("sessions.Session", "not used: sessions are in Redis, encrypted", "session_key session_data"),
    Plain("pghistory.Context", "account ids, names of routes and tasks, keyed hashes", "metadata"),
    Plain("account.EmailConfirmation", "keys", "key"),
    Plain("communities.Area", "a place or a body", "name name_en path code time_zone"),
    Plain("communities.Compound", "a place or a body", "name name_en"),
    Plain("communities.Building", "a place or a body", "no"),
    Plain("communities.Entrance", "a place or a body", "no"),
    Plain("communities.Door", "a place or a body", "number"),
    Plain("communities.Site", "a place or a body", "name name_en gate gate_en"),
    Plain("communities.User", "a hash", "password"),
    Plain("communities.PlaceAlias", "how a place is written", "text"),
    Plain("communities.Organisation", "a place or a body", "name name_en path code"),
    Plain("communities.GroupRobot", "a group's, not a person's", "name url secret"),
    Plain("communities.Webhook", "another system's, not a person's", "name url topics secret former_secret"),
    Plain("communities.Happening", "codes and ids; goes after a month", "topic state data"),
    Plain("communities.WebhookDelivery", "codes; goes after a month", "reason"),
    Plain("communities.Delivery", "codes of the provider", "ref reason"),
    Plain("communities.ZoneScheme", "rules and words for any case", "name name_en"),
    Plain("communities.ZonePolicy", "rules and words for any case", "name name_en allows pass_for"),
    Plain("communities.ZoneStatus", "codes and numbers", "group issuer notice_no"),
    Plain("communities.ZoneProposal", "codes and numbers", "group"),
    Plain("volunteers.Volunteer", "random; replaced when the person is forgotten", "number"),
    Plain("volunteers.Consent", "the version of a text", "text_version"),
    Plain("volunteers.Certificate", "random; lines of activities and places", "number lines"),
    Plain(
        "volunteers.StaffImport",
        "the name of a file and codes; the file goes when it is read",
        "file_name ending content problem strange",
    ),
    Plain("volunteers.Qualification", "rules and words for any case", "name name_en"),
    Plain("volunteers.ServiceRecord", "activity and place", "what where"),
    Plain(
        "staffing.CallUp",
        "published to everybody",
        "slug title title_en activity activity_en risks risks_en protection protection_en bring bring_en issuer",
    ),
    Plain("staffing.NoticeTemplate", "words for any case, with placeholders", "subject subject_en text text_en name"),
    Plain("staffing.Role", "rules and words for any case", "name name_en icon note note_en"),
    Plain("staffing.Secondment", "codes and numbers", "reason"),
    Plain("staffing.Post", "codes and numbers", "person_kinds"),
    Plain("staffing.SignUp", "codes and numbers", "reason"),
    Plain("staffing.CloseOut", "counts and seals", "title totals done_steps counts kept previous_digest digest"),
    Plain("staffing.Erasure", "counts", "counts"),
    Plain("staffing.Seal", "names of tables and columns, digests", "table columns rows previous digest"),
    Plain("staffing.Equipment", "things, not people", "name name_en"),
    Plain("staffing.DoorRound", "rules and words for any case", "title title_en"),
    Plain("staffing.RoundDoor", "codes", "needs said"),
    Plain("staffing.HomeService", "goes with the doors of its round", "reason"),
    Plain("staffing.FillingChunk", "codes and numbers; goes when the proposal is there", "found"),
    Plain("staffing.FillingFacts", "arrays of ids and codes; goes when the proposal is there", "data chosen draft"),
    Plain("staffing.FillingPart", "arrays of ids", "pairs"),
    Plain("staffing.Gap", "codes and numbers", "binding near"),
    Plain("staffing.LentPerson", "codes and numbers", "dropped"),
    Plain(
        "staffing.NormProfile",
        "rules and words for any case",
        "name name_en checks ranges activity activity_en risks risks_en protection protection_en briefing briefing_en bring bring_en",
    ),
    Plain("staffing.PostRule", "rules and words for any case", "person_kinds source"),
    Plain(
        "staffing.OutsideCrew",
        "the contact of another company, as long as the crew is listed",
        "name contact phone checklist",
    ),
    Plain("staffing.Inspection", "rules and words for any case", "item"),
    Plain("staffing.Round", "rules and words for any case", "kind kind_en"),
    Plain("staffing.DemandPlan", "codes and numbers", "numbers"),
    Plain("staffing.PlanOverride", "codes and numbers", "key"),
    Plain("staffing.RecheckedSeat", "codes and numbers", "code"),
    Plain("staffing.Ride", "a place or a body", "origin origin_en"),
    Plain("staffing.Rota", "codes and numbers", "pattern"),
    Plain("staffing.RotaDay", "codes and numbers", "gaps"),
    Plain("staffing.Swap", "a key", "key"),
    Plain("staffing.TaskForce", "names of bodies", "name name_en path purpose"),
    Plain("staffing.Team", "names of bodies", "name name_en"),
)


@dataclass(frozen=True, slots=True)
class Term:
    """How long something is kept, and what then becomes of it. `table` is cleared by the clock of this file's rules.

    Without `table` the named task or action does it; `after` None: as long as `until` says.
    """

    code: str
    until: str
    after: timedelta | None
    then: str
    by: str
    table: str = ""
    at: str = ""
    blank: Sequence[str] = ()


def days(number: int) -> timedelta:
    return timedelta(days=number)


def cleared(code: str, table: str, at: str, until: str, after: timedelta, blank: Sequence[str] = ()) -> Term:
    return Term(code, until, after, "emptied" if blank else "goes", "forget", table, at, blank)


TERMS: tuple[Term, ...] = (
    Term("name", "the last service of the person", timedelta(days=3653), "pseudonym", "forget"),
    Term("address", "consent to service was withdrawn", days(30), "emptied", "forget"),
    Term("hours", "", None, "stay, under a pseudonym", "forget"),
    cleared("fit_for_duty", "staffing.SignUp", "shift__ends_at", "the end of the shift", days(14), ("fit_for_duty",)),
    Term("doors", "the round was closed", days(14), "goes, counts stay", "forget_doors"),
    Term("supplies", "it was delivered or cancelled", days(14), "goes, what was needed stays", "forget_supplies"),
    Term("passengers", "the ride is over", days(0), "goes", "over"),
    cleared("ride_notes", "staffing.Ride", "finished_at", "the end of the ride", days(14), ("origin_note", "reason")),
    cleared("chain_lines", "staffing.ChainRow", "chain__call_up__ends_at", "the end of the call", days(30)),
    Term("staff_file", "it was read", days(0), "goes", "read_staff_lists"),
    cleared(
        "staff_rows", "volunteers.StaffImportRow", "staff_import__finished_at", "the list was taken over", days(30)
    ),
    cleared("absences", "volunteers.Absence", "period__endswith", "the end of the absence", days(30)),
    cleared("passes", "volunteers.AccessPass", "period__endswith", "the end of the pass", days(180)),
    cleared(
        "companions", "volunteers.Companionship", "over_at", "it ended, or nobody agreed to it in 14 days", days(30)
    ),
    cleared("messages", "communities.Message", "due_at", "they were due", days(180)),
    cleared("webhook_deliveries", "communities.WebhookDelivery", "happening__at", "it happened", days(30)),
    cleared("happenings", "communities.Happening", "at", "it happened", days(30)),
    Term("answers", "the request", days(7), "goes", "forget_answers"),
    Term("solver_facts", "the proposal is there", days(0), "goes", "solve_fillings"),
    Term("sessions", "signing in", days(30), "goes", "SESSION_LIFE"),
    Term("codes", "they were sent", timedelta(minutes=10), "goes", "codes"),
    Term("incident", "the notice of a close-out", days(30), "names go, hours stay", "close_out"),
)
