"""Neighbours who come together: two couples, and one who asks the demo's volunteer and waits for an answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from volunteers.actions import companions
from volunteers.models import Companionship, Volunteer

ASKED = timedelta(hours=3)


def couples(people: Sequence[Volunteer], now: datetime) -> None:
    """The first two come together, and the next two; the fifth asks the first."""
    for asker, asked in ((people[1], people[0]), (people[2], people[3])):
        companions.agree(question(asker, asked, now - ASKED).pk, by=asked.pk, now=now - ASKED)
    question(people[4], people[0], now)


def question(asker: Volunteer, asked: Volunteer, now: datetime) -> Companionship:
    made = companions.ask(asker.pk, asked.number, now=now)
    companions.look_up(now)
    return made
