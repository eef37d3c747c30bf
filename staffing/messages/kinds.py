"""The kinds of message that staffing sends."""

from collections.abc import Callable
from typing import Any

from communities.messages.kinds import Kind, register
from communities.states import Topic
from staffing.messages import (
    broadcasts,
    closeouts,
    contexts,
    deputies,
    equipment,
    hand_overs,
    lendings,
    pledges,
    rides,
    secondments,
    shortages,
    supplies,
    swaps,
    takeovers,
    task_forces,
    teams,
    texts,
    zones,
)
from staffing.queries.waves import halted
from staffing.states import SignUpStatus


def about_a_seat(name: str, read: Callable[..., Any], *, vital: bool = False) -> Kind:
    return Kind(name, read, texts.seat_subject, texts.seat_text, vital=vital)


register(
    about_a_seat("signed_up", contexts.in_state(SignUpStatus.SIGNED_UP)),
    about_a_seat("waitlisted", contexts.in_state(SignUpStatus.WAITLISTED)),
    about_a_seat("offered", contexts.offered),
    about_a_seat("confirmed", contexts.in_state(SignUpStatus.CONFIRMED)),
    about_a_seat("changed", contexts.changed, vital=True),
    about_a_seat("cancelled", contexts.in_state(SignUpStatus.CANCELLED), vital=True),
    about_a_seat("passed_over", contexts.in_state(SignUpStatus.CANCELLED)),
    about_a_seat("declined", contexts.in_state(SignUpStatus.DECLINED)),
    about_a_seat("reminder", contexts.reminder),
    about_a_seat("reminded_again", contexts.reminder),
    *shortages.KINDS,
    Kind(
        "opened",
        contexts.opened,
        texts.opened_subject,
        texts.opened_text,
        own_duty=False,
        queue="callup",
        topic=Topic.CALLS,
    ),
    Kind(
        "call_up",
        contexts.call_up,
        texts.call_subject,
        texts.call_text,
        own_duty=False,
        queue="callup",
        halted=halted,
        topic=Topic.CALLS,
    ),
    *zones.KINDS,
    *rides.KINDS,
    *swaps.KINDS,
    *secondments.KINDS,
    *pledges.KINDS,
    *lendings.KINDS,
    *takeovers.KINDS,
    *broadcasts.KINDS,
    *task_forces.KINDS,
    *teams.KINDS,
    *hand_overs.KINDS,
    *deputies.KINDS,
    *equipment.KINDS,
    *closeouts.KINDS,
    *supplies.KINDS,
    Kind("behind", contexts.behind, texts.behind_subject, texts.behind_text),
)
