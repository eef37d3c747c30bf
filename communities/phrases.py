"""One sentence per refusal, for people. Packages further up register the sentences of their own codes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from communities.errors import Refusal

PHRASES = {
    "not_your_role": _("Your role does not include this."),
    "not_found": _("There is nothing here for you."),
    "not_failed": _("This message has not failed."),
    "in_use": _("Other records still use this."),
    "conflict": _("Somebody has just changed this. Look at the newest state and try again."),
    "expired": _("This was open once and is not any more."),
    "code_wrong": _("The code is not right. Look at the newest message."),
    "code_expired": _("The code has expired. Ask for a new one."),
    "code_not_sent": _("The code could not be sent. Check the number, or try again in a minute."),
    "phone_taken": _("This number belongs to another account."),
    "account_closed": _("This account is closed. Your community can tell you why."),
    "second_factor_needed": _("Staff pages need a password and a second factor. Set up what is missing here."),
    "csrf_failed": _("The page was open for too long, or its token was not sent. Load it again and send it once more."),
    "scope_missing": _("This token is not allowed to do this."),
    "scope_unknown": _("There is no scope %(scopes)s."),
    "idempotency_key_reused": _("This Idempotency-Key was used for something else."),
    "idempotency_key_invalid": _("An Idempotency-Key has 1 to 80 characters."),
    "already_away": _("You have already said that you are away then."),
    "email_taken": _("Another account uses this address."),
    "same_person": _("Somebody else has to approve this."),
    "invalid_transition": _("That is not possible any more: it is now %(status)s."),
    "name_taken": _("There is one of that name already: %(name)s."),
    "zone_same_instant": _("Somebody has already set this zone from the same instant."),
    "zone_before_current": _("The zone has a newer status already; what was in force is not rewritten."),
    "proposal_waits": _("Another level is proposed for this place already. Answer that first."),
    "policy_looser": _("%(stricter)s is stricter than %(looser)s, so it cannot let more people through."),
    "webhook_off": _("This webhook is switched off."),
    "invalid_input": _("Some of this cannot be read."),
}
DOOR_PROBLEMS = {
    "building_missing": _("The building is missing."),
    "entrance_missing": _("The entrance is missing."),
    "door_missing": _("The door is missing."),
    "too_long": _("At most 20 characters."),
    "bad_floor": _("The floor is no number."),
    "bad_lift": _("Write yes or no for the lift."),
    "door_twice": _("This door is in the list twice."),
}  # of a row in a list of doors
STATES: dict[str, Any] = {}  # the names of states in words, registered like the phrases


def say(refusal: Refusal) -> str:
    """The sentence in the active language."""
    phrase = str(PHRASES.get(refusal.code, PHRASES["conflict"]))
    return phrase % in_words(refusal.facts) if refusal.facts and "%(" in phrase else phrase


def say_code(code: str) -> str:
    return say(Refusal(code))


def in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: STATES.get(value, value) if name == "status" else value for name, value in facts.items()}


def reasons(refusals: Iterable[Refusal]) -> list[dict[str, str]]:
    return [{"code": refusal.code, "detail": say(refusal)} for refusal in refusals]
