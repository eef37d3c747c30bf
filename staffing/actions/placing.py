"""Somebody is received for a post of the community, and stands on it."""

from datetime import datetime

from django.db import transaction

from communities.models import User
from staffing.actions.decisions import assign
from staffing.actions.secondments import accept
from staffing.models import Post, Secondment


@transaction.atomic
def receive_at(secondment_id: int, post_id: int, *, by: User, now: datetime) -> Secondment:
    """Both or neither: raises Refused with every reason against receiving them or against the seat."""
    found = accept(secondment_id, Post.objects.values_list("role", flat=True).get(pk=post_id), by=by, now=now)
    assign(post_id, found.volunteer_id, by=by, now=now)
    return found


@transaction.atomic
def place(secondment_id: int, post_id: int, *, by: User, now: datetime) -> Secondment:
    """Who is on duty already."""
    found = Secondment.objects.get(pk=secondment_id)
    assign(post_id, found.volunteer_id, by=by, now=now)
    return found
