"""The sentences of staffing's refusals, and the names of its states in words."""

from django.utils.translation import gettext_lazy as _

from communities.phrases import PHRASES, STATES
from staffing.models.calls import CALL_STATUSES
from staffing.models.shifts import SHIFT_STATUSES
from staffing.models.signups import SIGN_UP_STATUSES

PHRASES.update(
    {
        "shift_cancelled": _("This shift has been cancelled."),
        "call_cancelled": _("This call has been cancelled."),
        "sign_up_cancelled": _("This place has been given up or cancelled."),
        "past": _("This shift is over."),
        "not_open": _("Sign-up has not opened yet."),
        "already_started": _("This shift has already started."),
        "closed": _("Sign-up is closed."),
        "other_agency": _("These seats belong to another organisation."),
        "person_kind": _("These seats are for other people than volunteers, or the other way round."),
        "minor": _("You have to be 18 or over for this."),
        "unqualified": _("This needs a qualification that is valid on that day: %(qualification)s."),
        "zone_residents_only": _("The compound is sealed: only people who live in it can serve there."),
        "zone_group_only": _("Only people who live in the same controlled zone can serve there."),
        "zone_cannot_leave": _("Your compound is closed: you cannot leave it to serve elsewhere."),
        "zone_changed": _("The rules of the zone have just changed. Look at who may come now."),
        "overlap": _("You already have a shift at that time."),
        "absent": _("You said that you are away at that time."),
        "duty_too_long": _("That would be %(hours)s hours on one day; the limit is %(limit)s."),
        "too_little_rest": _("There have to be %(limit)s hours of rest between two duties."),
        "rotation": _("That would be %(hours)s hours without a break; the limit is %(limit)s."),
        "too_many_days": _("After %(limit)s days in a row you need a day off."),
        "uninsured": _("This post needs accident insurance first."),
        "no_briefing": _("This post needs a safety briefing first."),
        "no_open_post": _("There is no open post in this call."),
        "full": _("All seats are taken."),
        "seat_taken": _("Somebody else has just got this seat."),
        "seats_below_filled": _("%(filled)s people hold a seat here: %(people)s. Free seats first."),
        "copy_exists": _("This shift is already there on that day."),
        "post_exists": _("This role is already on this shift."),
        "reason_not_allowed": _("Choose one of the reasons in the list."),
        "volunteers_are_asked": _("Volunteers are asked, never assigned."),
        "not_fit": _("Thank you for saying so. Please stay at home; the seat is passed on."),
        "too_early": _("It is too early for that."),
        "too_late": _("It is too late for that."),
        "too_long": _("%(minutes)s minutes is longer than the block allows; a second person has to approve."),
        "checked_in_elsewhere": _("This person is still checked in somewhere else."),
        "qr_invalid": _("This code is old or belongs to another shift. Scan the one on the leader's screen."),
        "no_posts": _("The shift has no posts yet."),
        "no_risks": _("Say what the risks are."),
        "no_protection": _("Say what protection is offered."),
        "block_too_long": _("The shift is longer than one block of %(role)s may be. Split it, or give a reason."),
        "few_leads": _("%(seats)s seats need more than %(leads)s leaders: one for seven."),
        "pledge_full": _("The organisation has named everybody it promised."),
        "not_enough_room": _("There are not that many free seats."),
        "not_enrolled": _("Check in with a community first."),
        "names_missing": _("Give a name for each person."),
    }
)
for words in (CALL_STATUSES, SHIFT_STATUSES, SIGN_UP_STATUSES):
    STATES.update({str(state): word for state, word in words.items()})
FIELD_ERRORS = {
    "naive_time": _("Give the time with its time zone."),
    "ends_before_start": _("The end has to be after the start."),
    "longer_than_a_day": _("A shift is at most 24 hours long."),
    "in_the_past": _("This is in the past."),
    "seats_out_of_range": _("A whole number from 1 to 500."),
    "reason_missing": _("Give a reason; it stays in the history."),
    "bad_name": _("Write the name with letters, at most 120 of them."),
    "bad_phone": _("This is not a phone number."),
    "too_many_copies": _("At most 366 copies at once."),
    "missing": _("This is missing."),
    "bad_proposal": _("This is not a proposal about this sign-up."),
    "unknown_role": _("There is no such role."),
    "unknown_organisation": _("There is no such organisation."),
    "unknown_person": _("There is no such person in your care."),
}


def field_error(code: str) -> str:
    return str(FIELD_ERRORS[code])
