"""Notices to many: written, tried on oneself, sent, stopped; and the texts that are used again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import translation

from communities.errors import Invalid, Refused
from communities.models import Area, User
from communities.queries.customs import customs_in
from communities.rules.evenings import next_evening
from staffing.locks import patience
from staffing.messages import broadcasts as told
from staffing.models import Broadcast, CallUp, NoticeTemplate
from staffing.phrases import field_error
from staffing.queries.broadcasts import reach
from staffing.rules.placeholders import all_problems, parts
from staffing.states import BroadcastStatus, Urgency

KEPT = timedelta(days=1)  # from leaving on, a notice is news for so long
WORDS = ("subject", "subject_en", "text", "text_en")


@dataclass(frozen=True, slots=True)
class Words:
    """In both languages; what is sent to whom depends on theirs."""

    subject: str
    subject_en: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Words, to whom, when. `reason` is asked for an emergency; `contact` is whom to call, by default the writer."""

    words: Words
    urgency: str = Urgency.DAY
    reason: str = ""
    call_up: int | None = None
    qualification: int | None = None
    compound: int | None = None
    groups: bool = False
    contact: int | None = None


def check_words(words: Words, *, of_a_call: bool) -> dict[str, str]:
    """The first problem of each field, in words."""
    said = asdict(words)
    found = all_problems(said, of_a_call=of_a_call)
    errors = {field: field_error(codes[0]) for field, codes in found.items()}
    return {name: field_error("missing") for name in WORDS if not said[name].strip()} | errors


def check(area: Area, notice: Notice) -> None:
    """Raises Invalid, field by field."""
    errors = check_words(notice.words, of_a_call=notice.call_up is not None)
    if notice.urgency == Urgency.EMERGENCY and not notice.reason.strip():
        errors["reason"] = field_error("reason_missing")
    if notice.call_up and not CallUp.objects.filter(pk=notice.call_up, community__path__startswith=area.path).exists():
        errors["call_up"] = field_error("unknown_call")
    if errors:
        raise Invalid(**errors)


def fields(notice: Notice, by: User) -> dict[str, object]:
    return asdict(notice.words) | {
        "urgency": notice.urgency,
        "reason": notice.reason.strip()[:200] if notice.urgency == Urgency.EMERGENCY else "",
        "call_up_id": notice.call_up,
        "qualification_id": notice.qualification,
        "compound_id": notice.compound,
        "groups": notice.groups,
        "contact_id": notice.contact or by.pk,
    }


@transaction.atomic
def write(area_id: int, notice: Notice, *, by: User, now: datetime) -> Broadcast:
    """A draft; nobody is told. Raises Invalid, field by field."""
    area = Area.objects.get(pk=area_id)
    check(area, notice)
    return Broadcast.objects.create(area=area, created_by=by, created_at=now, **fields(notice, by))


@transaction.atomic
def rewrite(broadcast_id: int, notice: Notice, *, by: User) -> Broadcast:
    """Raises Refused once it has been sent, Invalid as `write` does."""
    found = hold(broadcast_id)
    if found.status != BroadcastStatus.DRAFT:
        raise Refused("notice_sent")
    check(found.area, notice)
    for name, value in fields(notice, by).items():
        setattr(found, name, value)
    found.save()
    return found


def hold(broadcast_id: int) -> Broadcast:
    """Two who press at once take turns."""
    with patience():
        rows = Broadcast.objects.select_for_update(of=("self",), no_key=True).select_related("area")
        return rows.get(pk=broadcast_id)


def leaves_at(broadcast: Broadcast, now: datetime) -> datetime:
    """When it would leave if it were sent now."""
    customs = customs_in([broadcast.area])[broadcast.area_id]
    match Urgency(broadcast.urgency):
        case Urgency.EMERGENCY:
            return now
        case Urgency.EVENING:
            return next_evening(now, customs)
    return customs.next_loud(now)


@transaction.atomic
def send(broadcast_id: int, *, by: User, now: datetime) -> Broadcast:
    """To everybody it is for, each once. Sent again, returns it as it is. Raises Refused: stopped, or for nobody."""
    found = hold(broadcast_id)
    if found.status == BroadcastStatus.SENT:
        return found
    if found.status == BroadcastStatus.STOPPED:
        raise Refused("notice_sent")
    found.status, found.sent_by, found.sent_at = BroadcastStatus.SENT, by, now
    found.leaves_at = leaves_at(found, now)
    found.save(update_fields=["status", "sent_by", "sent_at", "leaves_at"])
    found.people = told.tell(found, found.leaves_at + KEPT, now)
    if not found.people and not reach(found, now).groups:
        raise Refused("nobody_to_tell")
    found.save(update_fields=["people"])
    return found


@transaction.atomic
def stop(broadcast_id: int, *, by: User, now: datetime) -> Broadcast:
    """What has not left stays. Stopped twice is stopped once. Raises Refused for a draft."""
    found = hold(broadcast_id)
    if found.status == BroadcastStatus.DRAFT:
        raise Refused("notice_not_sent")
    if found.status == BroadcastStatus.SENT:
        found.status, found.stopped_by, found.stopped_at = BroadcastStatus.STOPPED, by, now
        found.save(update_fields=["status", "stopped_by", "stopped_at"])
        told.unsay(found)
    return found


@transaction.atomic
def try_on(broadcast_id: int, *, by: User, now: datetime) -> Broadcast:
    """To the one who asks, in their own language and by their own way, at once."""
    found = hold(broadcast_id)
    told.trial(found, by, now + KEPT, now)
    return found


@transaction.atomic
def keep_template(
    area_id: int,
    name: str,
    words: Words,
    *,
    by: User,
    now: datetime,
    template_id: int | None = None,
    active: bool = True,
) -> NoticeTemplate:
    """A new one, or a change of one. Raises Invalid: words with problems, or a name that the area uses already."""
    errors = check_words(words, of_a_call=True)
    if not name.strip():
        errors["name"] = field_error("missing")
    if errors:
        raise Invalid(**errors)
    found = NoticeTemplate.objects.get(pk=template_id) if template_id else NoticeTemplate(area_id=area_id)
    said: Mapping[str, object] = asdict(words) | {"name": name.strip()[:80], "active": active}
    for field, value in said.items():
        setattr(found, field, value)
    found.changed_by, found.changed_at = by, now
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise Invalid(name=field_error("template_name_taken")) from None
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """How a notice reads to one person, in both languages; `parts`: text messages that the longer one becomes."""

    subject: str
    subject_en: str
    text: str
    text_en: str
    parts: int


def preview(broadcast: Broadcast, reader: User, now: datetime) -> Shown:
    told_to = told.about(broadcast, **told.for_reader(broadcast, reader))
    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.append((told.subject(told_to), told.text(told_to)))
    (subject, text), (subject_en, text_en) = found
    return Shown(subject, subject_en, text, text_en, parts([text, text_en]))
