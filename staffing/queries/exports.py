"""Everything that is kept about one person, as they may take it away: docs/api.md describes every part of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from communities.models import User

VERSION = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the export: the rows of a table that lead to the account over `whose`, with these columns.

    A column is named as it comes out, or as `name=lookup` where the lookup says more.
    """

    name: str
    table: str
    whose: str
    columns: str

    def lookups(self) -> dict[str, str]:
        pairs = (word.partition("=") for word in self.columns.split())
        return {name: lookup or name for name, _equals, lookup in pairs}


PARTS: tuple[Part, ...] = (
    Part(
        "account",
        "communities.User",
        "pk",
        "name phone=phone_cipher phone_verified email language urgent_calls no_notices_since=muted_at joined=date_joined last_login",
    ),
    Part(
        "roles", "communities.Grant", "user", "role area=area__name organisation=organisation__name starts_at ends_at"
    ),
    Part("tokens", "communities.ApiToken", "user", "name scopes created_at expires_at revoked_at last_used_at"),
    Part("second_factors", "mfa.Authenticator", "user", "type created_at last_used_at"),
    Part("devices", "usersessions.UserSession", "user", "ip user_agent created_at last_seen_at"),
    Part("messages", "communities.Message", "reader", "kind status channel due_at sent_at"),
    Part("topics_not_wanted", "communities.OptOut", "user", "topic since"),
    Part("browsers", "communities.Browser", "user", "since"),
    Part("addresses_that_fail", "communities.DeadEnd", "user", "channel reason since"),
    Part(
        "volunteer",
        "volunteers.Volunteer",
        "user",
        "number kind home=residence__name is_adult identity_document identity_verified_at created_at",
    ),
    Part("consents", "volunteers.Consent", "volunteer__user", "purpose text_version channel given_at withdrawn_at"),
    Part(
        "enrolments",
        "volunteers.Enrolment",
        "volunteer__user",
        "community=community__name channel since=created_at approved_at ended_at",
    ),
    Part(
        "organisations",
        "volunteers.Affiliation",
        "volunteer__user",
        "organisation=organisation__name staff_number=external_id known_as from_day to_day",
    ),
    Part(
        "staff_lists",
        "volunteers.StaffImportRow",
        "volunteer__user",
        "organisation=staff_import__organisation__name name phone=phone_cipher address place state",
    ),
    Part(
        "qualifications",
        "volunteers.HeldQualification",
        "volunteer__user",
        "qualification=qualification__name from_day expires_on verified_at reference",
    ),
    Part(
        "companions_asked",
        "volunteers.Companionship",
        "asker__user",
        "number asked_at confirmed_at over_at",
    ),
    Part(
        "asked_to_come_with",
        "volunteers.Companionship",
        "asked__user",
        "asked_at declined_at confirmed_at over_at",
    ),
    Part("usually_free", "volunteers.Availability", "volunteer__user", "weekday from_time to_time"),
    Part("away", "volunteers.Absence", "volunteer__user", "start=period__startswith end=period__endswith"),
    Part(
        "passes",
        "volunteers.AccessPass",
        "volunteer__user",
        "compound=compound__name area=area__name start=period__startswith end=period__endswith reason issued_at revoked_at",
    ),
    Part(
        "sign_ups",
        "staffing.SignUp",
        "volunteer__user",
        "starts_at=shift__starts_at ends_at=shift__ends_at place=shift__site__name role=post__role__name status channel"
        " created_at checked_in_at checked_out_at late fit_for_duty rest_rule_overridden_because=override_reason",
    ),
    Part(
        "equipment",
        "staffing.EquipmentIssue",
        "sign_up__volunteer__user",
        "thing=thing__name number back_in_order=good back_damaged=damaged lost issued_at settled_at",
    ),
    Part(
        "hours",
        "volunteers.ServiceRecord",
        "volunteer__user",
        "started_at ended_at minutes served_as=kind activity=what place=where community=community__name needs_confirmation",
    ),
    Part(
        "hours_proposed",
        "staffing.Proposal",
        "sign_up__volunteer__user",
        "kind started_at ended_at proposed_at agreed_at",
    ),
    Part(
        "certificates",
        "volunteers.Certificate",
        "volunteer__user",
        "number community=community__name first_day last_day name times minutes status decided_at revoked_at reason",
    ),
    Part(
        "secondments",
        "staffing.Secondment",
        "volunteer__user",
        "organisation=organisation__name area=area__name start=period__startswith end=period__endswith status proposed_at"
        " acknowledged_at ended_at",
    ),
    Part(
        "lent",
        "staffing.LentPerson",
        "volunteer__user",
        "from=lending__giver__name to=lending__taker__name start=period__startswith end=period__endswith agreed=binds",
    ),
    Part("teams", "staffing.TeamMember", "volunteer__user", "team=team__name part joined_at left_at"),
    Part("rotas", "staffing.RotaMember", "volunteer__user", "call=rota__call_up__title phase from_day until_day"),
    Part("task_forces", "staffing.Posting", "user", "task_force=task_force__name duty joined_at left_at"),
    Part("answers_to_calls", "staffing.Reply", "user", "call=call_up__title said said_at told_at"),
    Part("coming_again", "staffing.ComingAgain", "sign_up__volunteer__user", "shift=sign_up__shift__starts_at said_at"),
    Part(
        "chain_lines",
        "staffing.ChainRow",
        "volunteer__user",
        "call=chain__call_up__title line written=said state created_at",
    ),
    Part("chat_names", "staffing.ChainAlias", "volunteer__user", "community=community__name name learned_at"),
    Part(
        "proposed_for",
        "staffing.Move",
        "volunteer__user",
        "shift=post__shift__starts_at role=post__role__name why=reasons status",
    ),
    Part(
        "swaps",
        "staffing.Swap",
        "offered__volunteer__user",
        "shift=offered__shift__starts_at status created_at agreed_at decided_at",
    ),
    Part(
        "driver",
        "staffing.Driver",
        "volunteer__user",
        "area=area__name fleet=fleet__name vehicle_class seats plate verified_at on_duty_until",
    ),
    Part(
        "rides_driven",
        "staffing.Ride",
        "driver__volunteer__user",
        "from=origin to=destination__name pick_up_at status finished_at",
    ),
    Part(
        "rides_taken", "staffing.Passenger", "sign_up__volunteer__user", "from=ride__origin pick_up_at=ride__pick_up_at"
    ),
    Part("door_visits", "staffing.DoorVisit", "by", "made_at received_at undone_at outcome"),
    Part("supplies_carried", "staffing.SupplyRequest", "carrier__user", "due_at need parcels status finished_at"),
)
# Tables that lead to a person and are not in the export, with the reason.
LEFT_OUT: Mapping[str, str] = {
    "admin.LogEntry": "what somebody did in the admin site is the office's record",
    "account.EmailAddress": "the address is in `account`",
    "volunteers.CalendarFeed": "the key of the calendar is a secret; the page shows its address",
    "staffing.ZoneRecheck": "an ended pass had somebody's seats looked at again; what came of it is in `sign_ups`",
    "communities.IdempotentAnswer": "answers to requests, kept for a week",
}


def export_of(user: User, now: datetime) -> dict[str, Any]:
    """One query for each part; plain values that JSON knows."""
    parts = {part.name: rows_of(part, user.pk) for part in PARTS}
    return {"version": VERSION, "made_at": now.isoformat(), **parts}


def rows_of(part: Part, user_id: int) -> list[dict[str, Any]]:
    table: type[Model] = apps.get_model(part.table)
    lookups = part.lookups()
    found = table._base_manager.filter(**{part.whose: user_id}).order_by("pk").values(*lookups.values())
    return [{name: plain(row[lookup]) for name, lookup in lookups.items()} for row in found]


def plain(value: Any) -> Any:
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case UUID():
            return str(value)
    return value


def columns_of(part: Part) -> Sequence[str]:
    return list(part.lookups())


def in_cell(value: Any) -> Any:
    """A list or an object in one cell: as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
