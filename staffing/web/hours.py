"""Hours that wait for a second person, as the board and the roster show them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from communities.access import Visitor
from staffing.actions import proposals
from staffing.models import Proposal, SignUp
from staffing.queries.rosters import awaited
from staffing.rules.attendance import GOOD_FOR, served


def with_words(signups: Iterable[SignUp], reader: Visitor, now: datetime) -> None:
    """Gives each its `word` (a proposal, or None), `may_agree`, and `long`: minutes that one alone may not sign for."""
    signups: list[Any] = list(signups)
    words = awaited(signups, now - GOOD_FOR)
    for signup in signups:
        signup.word = word = words.get(signup.pk)
        signup.may_agree = bool(word and reader.pk not in (word.proposed_by_id, signup.volunteer.user_id))
        signup.long = served(signup.checked_in_at, now) if proposals.too_long(signup, now) else 0
        if word:
            word.minutes = served(word.started_at, word.ended_at)  # type: ignore[attr-defined]


def said_of(word: Proposal) -> str:
    who = word.sign_up.volunteer.name
    return _("Proposed for %(who)s. The hours count when a second person agrees.") % {"who": who}
