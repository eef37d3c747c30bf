"""A community with a lead, and pages opened by whoever it is about."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from communities.models import Area, Compound, Site, User
from communities.states import Level, RoleName
from staffing.models import CallUp, Post, Shift
from tests.factories import communities as places
from tests.factories import staffing as make


class Desk:
    """A call of tomorrow with one point; `lead` runs it. Clocks are relative, since doors take the present."""

    def __init__(self, seats: int = 2, starts_in: timedelta = timedelta(hours=10), **fields: Any) -> None:
        self.now = timezone.now()
        self.district: Area = places.area(Level.DISTRICT)
        self.area: Area = places.area(parent=self.district)
        self.home: Compound = places.compound(self.area)
        self.site: Site = places.site(compound=self.home)
        self.lead: User = places.lead(self.area)
        self.start = self.now + starts_in
        self.call: CallUp = make.call(self.area, starts_at=self.start, ends_at=self.start + make.BLOCK, **fields)
        self.shift: Shift = self.point()
        self.post: Post = make.post(self.shift, seats=seats)

    def point(self, site: Site | None = None, **fields: Any) -> Shift:
        return make.shift(site or self.site, self.call, start=self.start, **fields)

    def holder(self, role: str) -> User:
        return places.lead(self.district if role != RoleName.POINT_LEAD else self.area, role)

    def as_lead(self) -> Client:
        return places.client(self.lead)


def text(response: Any) -> str:
    return response.content.decode()
