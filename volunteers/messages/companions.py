"""What is told of coming together: the question, with a link to answer by one tap, and a yes. A no is not told."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communities.messages import links
from communities.messages.kinds import Claimed, Context, Kind, register
from communities.messages.outbox import Note, post
from communities.messages.rendering import lines, named, one_line
from communities.models import Area
from communities.queries.customs import customs_of
from communities.rules.customs import Customs
from communities.rules.names import first_name, spoken
from communities.states import Topic
from volunteers.models import Companionship, Enrolment

ASKED, AGREED = "companion_asked", "companion_agreed"
ASKING, KINDS = (ASKED,), (ASKED, AGREED)
NEWS = timedelta(days=3)  # so long a yes is told


def asked(row: Companionship, now: datetime) -> None:
    assert row.asked
    reader = row.asked.user_id
    post([Note(ASKED, str(row.pk), row.pk, now, reader=reader, expires_at=row.over_at)])


def agreed(row: Companionship, now: datetime) -> None:
    key = f"{row.pk}@{now.isoformat()}"
    post([Note(AGREED, key, row.pk, now, reader=row.asker.user_id, expires_at=now + NEWS)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(Context):
    """`other` asks or has agreed; `name` is whom this is told. The community's names are (Chinese, English)."""

    kind: str
    name: str
    other: str
    community: tuple[str, str]
    link: str


def read(messages: Sequence[Claimed], now: datetime) -> Mapping[int, Together]:
    """Three queries, whatever their number. A question that is answered or over, or a yes taken back, is not told."""
    rows = Companionship.objects.filter(pk__in={one.target for one in messages}, asked__isnull=False)
    found = rows.select_related("asker__user", "asked__user").in_bulk()
    homes = homes_of({pk for row in found.values() for pk in (row.asker_id, row.asked_id) if pk})
    customs = customs_of({area.pk for area in homes.values()})
    return {
        one.id: about(one, row, homes, customs)
        for one in messages
        if (row := found.get(one.target)) and still(one.kind, row, now)
    }


def still(kind: str, row: Companionship, now: datetime) -> bool:
    if kind == AGREED:
        return row.together
    return row.confirmed_at is None and row.declined_at is None and row.over_at is not None and row.over_at > now


def homes_of(people: Set[int]) -> Mapping[int, Area]:
    """The community that each was checked in with first."""
    rows = Enrolment.objects.filter(volunteer__in=people, ended_at=None).select_related("community").order_by("-pk")
    return {row.volunteer_id: row.community for row in rows}


def about(one: Claimed, row: Companionship, homes: Mapping[int, Area], customs: Mapping[int, Customs]) -> Together:
    reader, other = (row.asked, row.asker) if one.kind == ASKED else (row.asker, row.asked)
    assert reader
    assert other
    area = homes.get(reader.pk)
    until = row.over_at if one.kind == ASKED else None
    token = links.make(links.Purpose.TOGETHER, row.pk, until) if until else ""
    return Together(
        customs=customs[area.pk] if area else Customs(),
        kind=one.kind,
        name=first_name(reader.user.name),
        other=spoken(other.user.name),
        community=(area.name, area.name_en) if area else ("", ""),
        link=f"{settings.PUBLIC_URL}/t/{token}/" if token else f"{settings.PUBLIC_URL}/me/companions/",
    )


def headline(one: Together) -> str:
    words = {"other": one.other}
    if one.kind == ASKED:
        return _("%(other)s would like to come together with you.") % words
    return _("%(other)s agrees: you come together.") % words


def opening(one: Together, name: str) -> str:
    community = named(*one.community)
    words = {"community": community, "name": name, "sentence": headline(one)}
    if name and community:
        return one_line(pgettext("message", "%(community)s: %(name)s, %(sentence)s") % words)
    return one_line(pgettext("message", "%(community)s: %(sentence)s") % words if community else headline(one))


def subject(one: Together) -> str:
    return opening(one, "")


def text(one: Together) -> str:
    if one.kind == ASKED:
        more = _("Then we try to give you the same hours and the same place. Say no and nobody is told.")
        return lines([opening(one, one.name), more, _("Yes or no: %(link)s") % {"link": one.link}])
    more = _("We try to give you the same hours and the same place. Either of you can end it at any time.")
    return lines([opening(one, one.name), more, _("More: %(link)s") % {"link": one.link}])


register(*(Kind(name, read, subject, text, own_duty=False, topic=Topic.TOGETHER) for name in KINDS))
