"""The activity log (ICS 214): what those on duty did, minute by minute, as the history has kept it, and their notes."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from communities.access import May
from staffing.models.shifts import SHIFT_STATUSES
from staffing.models.signups import SIGN_UP_STATUSES
from staffing.queries.command import rows
from staffing.queries.reports.shape import Column, Report, Row, Scope, moment, named, text
from staffing.states import ShiftStatus, SignUpStatus

BACK, AHEAD = timedelta(days=2), timedelta(days=14)  # shifts so far from these days are still worked on
CHANGED = """
    e.pgh_created_at >= %(since)s and e.pgh_created_at < %(until)s and c.metadata ? 'user'
    and e.status is distinct from (
        select b.status from {events} b where b.pgh_obj_id = e.pgh_obj_id and b.pgh_id < e.pgh_id order by b.pgh_id desc limit 1
    )
"""
LOG_SQL = f"""
    with near as materialized (
        select s.id, i.name, i.name_en
        from staffing_shift s join communities_site i on i.id = s.site_id join communities_area a on a.id = i.area_id
        where a.path like %(below)s and s.starts_at >= %(oldest)s and s.starts_at < %(latest)s
          and (%(site)s::bigint is null or i.id = %(site)s)
    ), done as (
        select date_trunc('minute', e.pgh_created_at) as at, (c.metadata->>'user')::bigint as who, n.name, n.name_en,
            'seat' as about, e.status as what, count(*) as number, '' as note
        from near n join staffing_signup u on u.shift_id = n.id join volunteers_volunteer v on v.id = u.volunteer_id
        join staffing_signupevent e on e.pgh_obj_id = u.id join pghistory_context c on c.id = e.pgh_context_id
        where {CHANGED.format(events="staffing_signupevent")} and (c.metadata->>'user')::bigint <> v.user_id
        group by 1, 2, 3, 4, 6
        union all
        select date_trunc('minute', e.pgh_created_at), (c.metadata->>'user')::bigint, n.name, n.name_en,
            'shift', e.status, count(*), ''
        from near n join staffing_shiftevent e on e.pgh_obj_id = n.id join pghistory_context c on c.id = e.pgh_context_id
        where {CHANGED.format(events="staffing_shiftevent")}
        group by 1, 2, 3, 4, 6
        union all
        select date_trunc('minute', h.written_at), h.written_by_id, n.name, n.name_en, 'note', '', 1, h.text
        from near n join staffing_handover h on h.shift_id = n.id
        where h.written_at >= %(since)s and h.written_at < %(until)s
    )
    select d.at, w.name, d.name, d.name_en, d.about, d.what, d.number, d.note
    from done d join communities_user w on w.id = d.who order by d.at, w.name, d.name, d.about, d.what
"""


def log(scope: Scope) -> Sequence[Row]:
    asked = scope.values | {"oldest": scope.since - BACK, "latest": scope.until + AHEAD}
    return [
        (at, who, named(site, site_en), in_words(about, what), number, note)
        for at, who, site, site_en, about, what, number, note in rows(LOG_SQL, asked)
    ]


def in_words(about: str, what: str) -> str:
    match about:
        case "seat":
            return _("People: %(state)s") % {"state": SIGN_UP_STATUSES[SignUpStatus(what)]}
        case "shift":
            return _("Shift: %(state)s") % {"state": SHIFT_STATUSES[ShiftStatus(what)]}
    return _("Hand-over note")


LOG = Report(
    "ics-214",
    "ICS 214",
    gettext_lazy("Activity log"),
    gettext_lazy("What those on duty did for shifts around these days, minute by minute, and the notes they left for the next. The history keeps it by itself; what people did about their own seats is not in it."),
    (
        moment("at", pgettext_lazy("point in time", "At")),
        text("who", gettext_lazy("Who")),
        text("point", gettext_lazy("Point")),
        text("what", gettext_lazy("What")),
        Column("number", gettext_lazy("How many"), gettext_lazy("So many people or shifts were changed so within that minute."), adds=False),
        text("note", gettext_lazy("Note")),
    ),
    log,
    needs=May.HISTORY,
    places=True,
)  # fmt: skip
