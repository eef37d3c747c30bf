"""States as a person reads them on the desk: tone, shape and word for a chip; sentences for what needs attention."""

from collections.abc import Sequence

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from communities.models import Message
from communities.models.messages import CHANNELS
from communities.states import MessageStatus
from staffing.models import CallUp, Shift, SignUp
from staffing.phrases import MESSAGES
from staffing.queries.attention import Concern
from staffing.states import CallStatus, ShiftStatus, SignUpStatus

type Chip = tuple[str, str, str]

SIGN_UP = {
    SignUpStatus.INVITED: ("info", "half", gettext_lazy("asked, no answer yet")),
    SignUpStatus.SIGNED_UP: ("warn", "alert", gettext_lazy("waits for your yes")),
    SignUpStatus.WAITLISTED: ("info", "half", gettext_lazy("waitlist")),
    SignUpStatus.CONFIRMED: ("ok", "check", gettext_lazy("confirmed")),
    SignUpStatus.DECLINED: ("off", "ban", gettext_lazy("declined")),
    SignUpStatus.CANCELLED: ("off", "dash", gettext_lazy("cancelled")),
    SignUpStatus.CHECKED_IN: ("ok", "there", gettext_lazy("here")),
    SignUpStatus.COMPLETED: ("ok", "there", gettext_lazy("done")),
    SignUpStatus.NO_SHOW: ("bad", "ring", gettext_lazy("did not come")),
    SignUpStatus.EXPIRED: ("off", "clock", gettext_lazy("did not answer")),
}
CALL = {
    CallStatus.DRAFT: ("off", "pen", gettext_lazy("Draft")),
    CallStatus.OPEN: ("ok", "horn", gettext_lazy("Calling")),
    CallStatus.CLOSED: ("warn", "lock", gettext_lazy("Closed")),
    CallStatus.CANCELLED: ("off", "ban", gettext_lazy("Cancelled")),
}
SHIFT = {
    ShiftStatus.DRAFT: ("off", "pen", gettext_lazy("Draft")),
    ShiftStatus.OPEN: ("ok", "horn", gettext_lazy("Open")),
    ShiftStatus.CLOSED: ("warn", "lock", gettext_lazy("Closed")),
    ShiftStatus.RUNNING: ("info", "half", gettext_lazy("Running")),
    ShiftStatus.FINISHED: ("ok", "there", gettext_lazy("Finished")),
    ShiftStatus.CANCELLED: ("off", "ban", gettext_lazy("Cancelled")),
}
REASONS = {
    "enough_people": gettext_lazy("Enough people already"),
    "agency": gettext_lazy("The agency sends somebody else"),
    "other_skills_needed": gettext_lazy("Other skills needed"),
    "unreachable": gettext_lazy("Could not be reached"),
    "double_entry": gettext_lazy("Entered twice"),
    "asked_by_person": gettext_lazy("The person asked for it"),
    "withdrawn": gettext_lazy("cannot come"),
    "moved": gettext_lazy("moved to another post"),
    "swapped": gettext_lazy("swapped or handed on"),
    "shift_cancelled": gettext_lazy("the shift was cancelled"),
    "zone_change": gettext_lazy("the zone has changed"),
}


def of_signup(signup: SignUp) -> Chip:
    tone, shape, word = SIGN_UP[SignUpStatus(signup.status)]
    if signup.status == SignUpStatus.WAITLISTED:
        word = _("waitlist, no. %(n)s") % {"n": signup.position}
    if signup.status == SignUpStatus.CONFIRMED and signup.on_my_way_at:
        return "info", "half", _("on the way")
    return tone, shape, str(word)


TOLD = {
    MessageStatus.SCHEDULED: gettext_lazy("not sent yet"),
    MessageStatus.SENDING: gettext_lazy("not sent yet"),
    MessageStatus.GATHERED: gettext_lazy("in the digest"),
    MessageStatus.SENT: gettext_lazy("sent"),
    MessageStatus.DELIVERED: gettext_lazy("arrived"),
    MessageStatus.ACKNOWLEDGED: gettext_lazy("answered"),
    MessageStatus.FAILED: gettext_lazy("did not arrive"),
    MessageStatus.CANCELLED: gettext_lazy("not needed any more"),
    MessageStatus.EXPIRED: gettext_lazy("not needed any more"),
}


def of_message(message: Message) -> str:
    """Reminder: arrived (text message)."""
    words = {"what": MESSAGES.get(message.kind, message.kind), "state": TOLD[MessageStatus(message.status)]}
    if message.channel and message.status not in {MessageStatus.CANCELLED, MessageStatus.EXPIRED}:
        return _("%(what)s: %(state)s (%(channel)s)") % (words | {"channel": CHANNELS[message.channel]})
    return _("%(what)s: %(state)s") % words


def of_call(call: CallUp) -> Chip:
    tone, shape, word = CALL[CallStatus(call.status)]
    return tone, shape, str(word)


def of_shift(shift: Shift) -> Chip:
    tone, shape, word = SHIFT[ShiftStatus(shift.status)]
    return tone, shape, str(word)


def of_reason(signup: SignUp) -> str:
    """Why it ended, in words; a lead's own words stay as they are."""
    return str(REASONS.get(signup.reason, signup.reason))


def local(thing: object, name: str) -> str:
    """A text in the reader's language where it has been written in both."""
    english = getattr(thing, f"{name}_en", "") if get_language() == "en" else ""
    return english or getattr(thing, name)


def concern(found: Concern, *, names: bool) -> tuple[str, str]:
    """What to look at, and why."""
    facts = found.facts
    match found.code:
        case "unconfirmed":
            people = facts["people"]
            return (
                ngettext("%(n)d person waits for your yes", "%(n)d people wait for your yes", people) % {"n": people},
                _("Until then they do not know that they may come."),
            )
        case "swaps":
            n = facts["swaps"]
            return (
                ngettext("%(n)d swap waits for your yes", "%(n)d swaps wait for your yes", n) % {"n": n},
                _("Until then both keep what they have."),
            )
        case "no_leader":
            n = facts["shifts"]
            return (
                ngettext("%(n)d place has no leader", "%(n)d places have no leader", n) % {"n": n},
                _("Somebody has to take the check-in."),
            )
        case "all_new":
            return all_new(facts["places"]), _("One old hand is needed.")
    who = facts["name"] if names else _("Somebody")
    return (
        _("%(who)s stands %(hours)s hours in one go") % {"who": who, "hours": facts["hours"]},
        _("The limit is %(limit)s hours.") % {"limit": facts["limit"]},
    )


def all_new(places: Sequence[tuple[str, str]]) -> str:
    """The first three places by name, the others by number."""
    names = [name_en if name_en and get_language() == "en" else name for name, name_en in places[:3]]
    listed = _(", ").join(names)
    if more := len(places) - len(names):
        listed = _("%(places)s and %(n)s more") % {"places": listed, "n": more}
    return _("Everybody at %(place)s is here for the first time") % {"place": listed}
