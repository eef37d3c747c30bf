"""The forms of the incident command system that hold names: who is assigned, and who has checked in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from communities.access import May
from staffing.models.signups import SIGN_UP_STATUSES
from staffing.queries.command import rows
from staffing.queries.reports.seats import DUTY
from staffing.queries.reports.shape import Column, Kind, Report, Row, Scope, minutes, moment, text
from volunteers.models.people import PERSON_KINDS

UNIT = """
    left join lateral (
        select o.name, o.name_en from volunteers_affiliation f join communities_organisation o on o.id = f.organisation_id
        where f.volunteer_id = n.volunteer_id and (f.to_day is null or f.to_day >= (l.starts_at at time zone %(zone)s)::date)
        order by f.id limit 1
    ) o on true
"""
EXPECTED = "u.status in ('invited', 'signed_up', 'confirmed', 'checked_in', 'completed', 'no_show')"
CAME = "u.checked_in_at is not null and u.status in ('checked_in', 'completed')"
CHOSEN = "(%(shifts)s::bigint[] is null or d.id = any(%(shifts)s))"
SHIFTS_SQL = f"""
    {DUTY}
    select d.id, d.site_id from duty d join communities_site i on i.id = d.site_id
    where exists (select from staffing_signup u where u.shift_id = d.id and {{who}})
    order by {{order}}i.no nulls last, i.name, i.id, d.id
"""


def shifts_with(scope: Scope, who: str, order: str) -> list[tuple[int, int]]:
    """Shifts on which there is somebody like that, each with its site."""
    return [(shift, site) for shift, site in rows(SHIFTS_SQL.format(who=who, order=order), scope.values)]


ROLES_SQL = f"""
    {DUTY}
    select r.name, r.name_en, count(*) from duty d join staffing_signup u on u.shift_id = d.id
    join staffing_post p on p.id = u.post_id join staffing_role r on r.id = p.role_id
    where {EXPECTED} group by r.id order by 3 desc, r.id
"""


def roles_of(scope: Scope) -> list[tuple[str, int]]:
    """How many seats of each role somebody has."""
    words = Words()
    return [(words.named(name, name_en), number) for name, name_en, number in rows(ROLES_SQL, scope.values)]


@dataclass(frozen=True, slots=True)
class Words:
    """States and kinds in the reader's language, looked up once for all rows."""

    states: Mapping[str, str] = field(
        default_factory=lambda: {key: str(word) for key, word in SIGN_UP_STATUSES.items()}
    )
    kinds: Mapping[str, str] = field(default_factory=lambda: {key: str(word) for key, word in PERSON_KINDS.items()})
    english: bool = field(default_factory=lambda: get_language() == "en")

    def named(self, name: str | None, name_en: str | None) -> str:
        return (name_en if name_en and self.english else name) or ""


# In steps, each of few tables: in one, a planner that takes full tables for empty ones looks at all of them for each row.
NAMED = f"""
    {DUTY}, place as materialized (
        select d.id, d.starts_at, d.ends_at, i.id as site_id, i.no, i.name, i.name_en, g.name as leader, y.name as deputy
        from duty d join communities_site i on i.id = d.site_id join staffing_shift s on s.id = d.id
        left join communities_user g on g.id = s.leader_id left join communities_user y on y.id = s.deputy_id
        where {CHOSEN}
    ), seated as materialized (
        select u.* from duty d join staffing_signup u on u.shift_id = d.id where {{who}} and {CHOSEN}
    ), person as materialized (
        select u.id, u.shift_id, u.post_id, u.seat_no, u.status, u.checked_in_at, u.checked_out_at, u.volunteer_id, v.kind, w.name
        from seated u join volunteers_volunteer v on v.id = u.volunteer_id join communities_user w on w.id = v.user_id
    )
    select {{columns}}
    from place l join person n on n.shift_id = l.id join staffing_post p on p.id = n.post_id join staffing_role r on r.id = p.role_id
    {UNIT}
    order by {{order}}
"""
SEATS_SQL = NAMED.format(
    who=EXPECTED,
    columns="l.id, l.name, l.name_en, l.starts_at, l.ends_at, l.leader, l.deputy, r.name, r.name_en, n.seat_no, n.name, n.kind, o.name, o.name_en, n.status",
    order="l.starts_at, l.no nulls last, l.name, l.site_id, r.id, n.seat_no, n.id",
)


def assigned(scope: Scope) -> Sequence[Row]:
    return [row for _shift, row in assigned_by_shift(scope)]


def assigned_by_shift(scope: Scope, shifts: Sequence[int] | None = None) -> list[tuple[int, Row]]:
    """Of these shifts, or of all."""
    words, asked = Words(), scope.values | {"shifts": shifts}
    return [(row[0], assigned_row(row[1:], words)) for row in rows(SEATS_SQL, asked)]


def assigned_row(row: Row, words: Words) -> Row:
    site, site_en, starts, ends, leader, deputy, role, role_en, seat, name, kind, unit, unit_en, status = row
    return (words.named(site, site_en), starts, ends, leader or "", deputy or "", words.named(role, role_en), seat or "", name, words.kinds[kind], words.named(unit, unit_en), words.states[status])  # fmt: skip


POINT = text("point", gettext_lazy("Point"))
STARTS, ENDS = moment("starts", gettext_lazy("From")), moment("ends", gettext_lazy("Until"))
ROLE, NAME = text("role", gettext_lazy("Role")), text("name", gettext_lazy("Name"))
HOME = text("unit", gettext_lazy("Home unit"), gettext_lazy("The organisation the person belonged to on that day."))
ASSIGNMENTS = Report(
    "ics-204",
    "ICS 204",
    gettext_lazy("Assignment list"),
    gettext_lazy("Who is assigned to which post, by point and block: the roster as it stands."),
    (
        POINT, STARTS, ENDS,
        text("leader", gettext_lazy("Leader")),
        text("deputy", gettext_lazy("Stands in")),
        ROLE,
        Column("seat", gettext_lazy("Seat"), gettext_lazy("The number of the seat on its post."), adds=False),
        NAME,
        text("kind", gettext_lazy("Kind")),
        HOME,
        text("status", gettext_lazy("Status")),
    ),
    assigned,
    needs=May.NAMES,
    places=True,
)  # fmt: skip

CHECKED_SQL = NAMED.format(
    who=CAME,
    columns="l.id, l.name, l.name_en, n.name, n.kind, o.name, o.name_en, r.name, r.name_en, l.leader, n.checked_in_at, n.checked_out_at",
    order="l.no nulls last, l.name, l.site_id, n.checked_in_at, n.id",
)


def checked_in(scope: Scope) -> Sequence[Row]:
    return [row for _shift, row in checked_by_shift(scope)]


def checked_by_shift(scope: Scope, shifts: Sequence[int] | None = None) -> list[tuple[int, Row]]:
    """Of these shifts, or of all."""
    words, nobody, asked = Words(), _("none"), scope.values | {"shifts": shifts}
    return [(row[0], checked_row(row[1:], words, nobody)) for row in rows(CHECKED_SQL, asked)]


def checked_row(row: Row, words: Words, nobody: str) -> Row:
    site, site_en, name, kind, unit, unit_en, role, role_en, leader, came, went = row
    served = int((went - came).total_seconds() // 60) if went else 0
    return (words.named(site, site_en), name, words.kinds[kind], words.named(unit, unit_en) or nobody, words.named(role, role_en), leader or "", came, went, served)  # fmt: skip


CHECK_INS = Report(
    "ics-211",
    "ICS 211",
    gettext_lazy("Check-in list"),
    gettext_lazy("Who has checked in where and when, for shifts that begin in these days."),
    (
        POINT, NAME,
        text("kind", gettext_lazy("Kind")),
        HOME, ROLE,
        text("leader", gettext_lazy("Leader")),
        Column("came", gettext_lazy("Checked in"), kind=Kind.MOMENT, adds=False),
        Column("went", gettext_lazy("Checked out"), gettext_lazy("Empty as long as somebody is there."), kind=Kind.MOMENT, adds=False),
        minutes("minutes", pgettext_lazy("length", "Time"), gettext_lazy("From check-in to check-out; in workbooks in hours.")),
    ),
    checked_in,
    needs=May.NAMES,
    places=True,
)  # fmt: skip
