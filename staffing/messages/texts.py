"""The words of staffing's messages: complete in themselves, first names only, nothing about anybody's health."""

from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from communities.messages import links
from communities.messages.links import Purpose
from communities.messages.rendering import clock, lines, named, one_line, when
from staffing.messages.contexts import About, Asked, Behind
from staffing.queries.notices import Contact, Duty, Seat
from staffing.states import Aim, SignUpStatus


def opening(community: tuple[str, str], name: str, sentence: str) -> str:
    """香樟社区：安然，位置定了。"""
    words = {"community": named(*community), "name": name, "sentence": sentence}
    if name:
        return one_line(pgettext("message", "%(community)s: %(name)s, %(sentence)s") % words)
    return one_line(pgettext("message", "%(community)s: %(sentence)s") % words)


def headline(about: About) -> str:
    """The news in one sentence."""
    seat = about.seat
    asked = seat.status == SignUpStatus.INVITED
    until = clock(seat.respond_by, seat.duty.customs.zone) if seat.respond_by else ""
    match about.kind:
        case "confirmed":
            return _("you have a seat.")
        case "signed_up":
            return _("you are signed up; the community still has to confirm it.")
        case "waitlisted":
            return _("you are number %(rank)s on the waitlist.") % {"rank": seat.rank}
        case "offered":
            return _("a seat is kept for you until %(until)s. Can you come?") % {"until": until}
        case "changed" if asked:
            return _("your shift has changed. Can you still come? Answer by %(until)s.") % {"until": until}
        case "changed":
            return _("your shift has changed.")
        case "cancelled" if seat.reason == "shift_cancelled":
            return _("the shift is cancelled for everybody. You don't need to come.")
        case "cancelled":
            return _("your seat is cancelled. You don't need to come.")
        case "passed_over":
            return _("a seat came free, but the rules don't let you take it now. You are off this waitlist.")
        case "declined":
            return _("it did not work out this time. Thank you for offering.")
        case "reminder":
            return _("your shift is coming up.")
        case "reminded_again":
            return _("your shift is coming up, and you have not answered. Are you coming?")
    raise LookupError(about.kind)


def seat_subject(about: About) -> str:
    return opening(about.seat.duty.community, "", headline(about))


def seat_text(about: About) -> str:
    seat = about.seat
    return lines(
        [
            opening(seat.duty.community, seat.name, headline(about)),
            *([before(about)] if about.kind == "changed" else []),
            now_line(seat.duty) if about.kind == "changed" else where_and_when(seat.duty),
            *(practical(seat.duty) if seat.status in GOES_THERE else []),
            way_to_answer(seat),
        ]
    )


GOES_THERE = {SignUpStatus.CONFIRMED, SignUpStatus.INVITED, SignUpStatus.SIGNED_UP}


def place(site: tuple[str, str], role: tuple[str, str]) -> str:
    return pgettext("place", "%(site)s, %(role)s") % {"site": named(*site), "role": named(*role)}


def where_and_when(duty: Duty) -> str:
    """12号点 信息录入，4月4日（周一）05:30–08:45"""
    return duty_lines(get_language() or "", duty)[0]


def now_line(duty: Duty) -> str:
    return _("Now: %(what)s") % {"what": where_and_when(duty)}


def before(about: About) -> str:
    """What it was; only the place, if only that has changed."""
    old = about.old
    if not old:
        return ""
    duty = about.seat.duty
    words = {"place": place(old.site, duty.role), "when": when(old.start, old.end, duty.customs.zone)}
    return _("Before: %(what)s") % {"what": pgettext("duty", "%(place)s. %(when)s") % words}


def practical(duty: Duty) -> list[str]:
    """When to be there, how to get in, whom to call."""
    return list(duty_lines(get_language() or "", duty)[1:])


@lru_cache(maxsize=2048)
def duty_lines(language: str, duty: Duty) -> tuple[str, ...]:
    """The lines that all people of a post are told alike, in the active language."""
    zone = duty.customs.zone
    words = {"place": place(duty.site, duty.role), "when": when(duty.start, duty.end, zone)}
    whole = pgettext("duty", "%(place)s. %(when)s") % words
    return whole, arrival(duty), whom_to_call(duty.contact)


def arrival(duty: Duty) -> str:
    words = {"time": clock(duty.arrive, duty.customs.zone), "gate": named(*duty.gate)}
    if words["gate"]:
        return _("Be there at %(time)s: %(gate)s") % words
    return _("Be there at %(time)s") % words


def whom_to_call(contact: Contact | None) -> str:
    if not contact:
        return ""
    return _("Questions: %(name)s %(phone)s") % {"name": contact.name, "phone": contact.phone.removeprefix("+86")}


def way_to_answer(seat: Seat) -> str:
    """The one-tap link that fits the seat's state; what is over needs no answer."""
    if seat.status == SignUpStatus.INVITED and seat.respond_by:
        return _("Yes or no with one tap: %(link)s") % {"link": tap(Purpose.OFFER, seat, seat.respond_by)}
    if seat.status == SignUpStatus.CONFIRMED:
        return _("Can't come, or on your way: %(link)s") % {"link": tap(Purpose.SEAT, seat, seat.end)}
    if seat.status in {SignUpStatus.SIGNED_UP, SignUpStatus.WAITLISTED}:
        return _("Can't come after all: %(link)s") % {"link": tap(Purpose.SEAT, seat, seat.end)}
    return ""


def tap(purpose: Purpose, seat: Seat, expires: datetime) -> str:
    return links.url(links.make(purpose, seat.id, expires))


def call_headline(asked: Asked) -> str:
    call = asked.call
    words = {"when": when(call.start, call.end, call.customs.zone), "missing": call.missing}
    return _("people are needed, %(when)s. Still to find: %(missing)s.") % words


def call_subject(asked: Asked) -> str:
    return opening(asked.call.community, "", call_headline(asked))


def call_text(asked: Asked) -> str:
    link = f"{settings.PUBLIC_URL}/c/{asked.call.slug}/"
    return lines(
        [
            opening(asked.call.community, asked.name, call_headline(asked)),
            _("Posts, risks, protection, and where to sign up: %(link)s") % {"link": link},
            whom_to_call(asked.call.contact),
            *(taps(asked) if asked.message else ()),
        ]
    )


def taps(asked: Asked) -> list[str]:
    """Yes and no with one tap each; a chat group has none."""
    yes, no = (links.url(links.make(one, asked.message, asked.call.end)) for one in (Purpose.COME, Purpose.CALL))
    return [_("I can come: %(link)s") % {"link": yes}, _("Not this time: %(link)s") % {"link": no}]


def opened_headline(asked: Asked) -> str:
    call = asked.call
    return _("sign-up is open now, %(when)s.") % {"when": when(call.start, call.end, call.customs.zone)}


def opened_subject(asked: Asked) -> str:
    return opening(asked.call.community, "", opened_headline(asked))


def opened_text(asked: Asked) -> str:
    link = f"{settings.PUBLIC_URL}/c/{asked.call.slug}/"
    sentence = opening(asked.call.community, asked.name, opened_headline(asked))
    return lines([sentence, _("Sign up here: %(link)s") % {"link": link}, whom_to_call(asked.call.contact)])


def open_of(aim: Aim, n: int) -> str:
    """What a milestone still lacks, in words."""
    match aim:
        case Aim.GAP:
            return ngettext("%(n)d seat has nobody's yes", "%(n)d seats have nobody's yes", n) % {"n": n}
        case Aim.PLACEMENT:
            return ngettext("%(n)d sign-up waits for a word", "%(n)d sign-ups wait for a word", n) % {"n": n}
        case Aim.RIDES:
            return ngettext("%(n)d ride has no driver", "%(n)d rides have no driver", n) % {"n": n}
        case Aim.LEADERS:
            return ngettext("%(n)d leader is not on site", "%(n)d leaders are not on site", n) % {"n": n}
        case Aim.IN_PLACE:
            return ngettext("%(n)d person is not there yet", "%(n)d people are not there yet", n) % {"n": n}


def behind_headline(behind: Behind) -> str:
    zone = behind.customs.zone
    words = {
        "what": named(*behind.activity),
        "open": open_of(behind.aim, behind.count.open),
        "due": clock(behind.due, zone),
        "at": clock(behind.in_place_by, zone),
    }
    return _("%(what)s: %(open)s. This was due at %(due)s; everybody has to be in place by %(at)s.") % words


def behind_subject(behind: Behind) -> str:
    return opening(behind.community, "", behind_headline(behind))


def behind_text(behind: Behind) -> str:
    link = f"{settings.PUBLIC_URL}/desk/calls/{behind.call_up}/"
    return lines([behind_subject(behind), _("The desk: %(link)s") % {"link": link}])
