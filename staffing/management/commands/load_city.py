import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from communities.models import Grant, User
from communities.states import RoleName
from staffing.demo import city


class Command(BaseCommand):
    help = "Build a whole city to measure with, in bulk, the same for the same seed; once. Nobody in it exists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisations", type=int, default=2300)
        parser.add_argument("--people", type=int, default=40_000)
        parser.add_argument("--communities", type=int, default=city.COMMUNITIES)
        parser.add_argument("--seats", type=int, default=city.SEATS)
        parser.add_argument("--days", type=int, default=1, help="mornings; if more than one, with afternoons")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--commander", help="the e-mail of an account that is to command the city")
        parser.add_argument("--force", action="store_true", help="also where neither DEBUG nor DEMO is on")

    def handle(self, *, seed: int, commander: str | None, force: bool, **numbers: Any) -> None:
        if not (settings.DEBUG or settings.DEMO or force):
            raise CommandError("This is not a demo system (DEMO is off). Use --force if you mean it.")
        size = city.Size(*(numbers[name] for name in ("organisations", "people", "communities", "seats", "days")))
        if min(size.organisations, size.people, size.communities, size.days) < 1 or size.seats < size.communities:
            raise CommandError("At least one of each, and a seat for every community.")
        user = User.objects.filter(email=commander).first() if commander else None
        if commander and not user:
            raise CommandError(f"There is no account {commander}.")
        if city.is_there(seed):
            self.stdout.write("The city of this seed is already there; nothing changed.")
            return
        begun, now = time.monotonic(), timezone.now()
        built = city.build(size, seed, now)
        if user:
            Grant.objects.create(user=user, role=RoleName.CITY_COMMAND, area=built, starts_at=now)
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        self.stdout.write(
            f"{built}: {size.communities:,} communities, {size.organisations:,} organisations, {size.people:,} people, "
            f"{size.seats:,} seats in {time.monotonic() - begun:.0f} s. Board: /desk/command/?area={built.pk}"
        )
