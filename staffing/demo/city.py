"""A whole city to measure with: thousands of communities on one morning, tens of thousands of people lent to them.

Made in bulk and the same for the same seed; nobody in it exists. The history keeps nothing of how it was made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import batched, count
from random import Random
from typing import Any

import pgtrigger
from django.db import connection, models, transaction

from communities.models import Area, Compound, Organisation, Site, User, ZoneStatus
from communities.states import Level, ZoneLevel
from staffing.demo import catalogue, city_days
from staffing.demo.clock import TAIYUAN
from staffing.demo.people import FAMILIES, officer
from staffing.models import CallUp, Pledge, Post, Role, Secondment, Shift, SignUp
from staffing.rules.secondments import LONGEST
from staffing.states import CallStatus, SecondmentStatus, ShiftStatus, SignUpStatus
from volunteers.models import Affiliation, Enrolment, HeldQualification, Qualification, Volunteer
from volunteers.states import PersonKind

COMMUNITIES, SEATS = 2300, 100_000
DISTRICTS, SUBDISTRICTS = 10, 60
BLOCK = timedelta(hours=3, minutes=15)
ROLES = ("data_entry", "queue_marshal", "door_knocker", "gate_check", "supply_runner")
AT_ONE_SITE = 14  # seats, about
SEATED, INVITED = 0.8, 0.03  # of the people; the others wait for a post
SEATED_LATER = 0.4  # of those free on the day, at each later turn
PLEDGING, SEALED = 0.3, 0.2  # of the communities
SKILLS = (0, 0, 1, 1, 2, 3)  # of one person
FIRST_PHONE = 700_000_000
BATCH = 5000


@dataclass(frozen=True)
class Size:
    """`seats` of a morning; if there are more than one, there are afternoons, too."""

    organisations: int
    people: int
    communities: int = COMMUNITIES
    seats: int = SEATS
    days: int = 1


def name_of(seed: int) -> str:
    return f"负载市{seed}"


def is_there(seed: int) -> bool:
    return Area.objects.filter(name=name_of(seed), level=Level.CITY).exists()


@transaction.atomic
def build(size: Size, seed: int, now: datetime) -> Area:
    """The city, whole or not at all."""
    with pgtrigger.ignore():
        return City(size, seed, now).build()


class City:
    def __init__(self, size: Size, seed: int, now: datetime) -> None:
        catalogue.norms()
        catalogue.policies()
        self.size, self.seed, self.now = size, seed, now
        self.chance = Random(seed)  # noqa: S311
        self.start = morning(now)
        self.last = self.start + timedelta(days=size.days - 1)
        self.roles = [Role.objects.get(slug=slug) for slug in ROLES]

    def build(self) -> Area:
        city = self.city()
        homes = self.communities(city)
        compounds = made(
            Compound(community=home, name="示范家园", name_en="Demo Homes", is_demo=True) for home in homes
        )
        self.seal(compounds)
        turns = [self.posts(homes, compounds)]
        people = self.people(compounds, self.organisations())
        self.skills(people)
        turns += self.later(turns[0])
        self.seat(turns, people)
        self.promise([posts for turn in turns for posts in turn])
        return city

    def city(self) -> Area:
        return Area.objects.create(
            level=Level.CITY, name=name_of(self.seed), name_en=f"Load City {self.seed}", is_demo=True
        )

    def communities(self, city: Area) -> list[Area]:
        districts = grown(city, Level.DISTRICT, [city] * DISTRICTS, "区", "District")
        streets = grown(city, Level.SUBDISTRICT, dealt(districts, SUBDISTRICTS), "街道", "Subdistrict")
        return grown(city, Level.COMMUNITY, dealt(streets, self.size.communities), "社区", "Community")

    def organisations(self) -> list[Organisation]:
        rows = made(
            Organisation(name=f"示范单位{self.seed}-{n}", name_en=f"Demo Office {self.seed}-{n}", is_demo=True)
            for n in range(1, self.size.organisations + 1)
        )
        return with_paths(Organisation, rows)

    def seal(self, compounds: Sequence[Compound]) -> None:
        chosen = self.chance.sample(compounds, int(len(compounds) * SEALED))
        made(
            ZoneStatus(
                compound=compound,
                level=ZoneLevel.LOCKDOWN if index % 2 else ZoneLevel.CONTROLLED,
                valid=(self.now - LONGEST, self.now + LONGEST),
                issuer="示范指挥部",
                notice_no=f"示范负载{self.seed}",
            )
            for index, compound in enumerate(chosen)
        )

    def posts(self, homes: Sequence[Area], compounds: Sequence[Compound]) -> list[list[Post]]:
        """By community: one call with its sites on one morning, all seats together as many as asked for."""
        needs = shares(self.chance, self.size.seats, len(homes))
        calls = made(self.call(home) for home in homes)
        sites = made(
            Site(area=home, compound=compound, kind="sampling_point", no=no, name=f"{no}号点", name_en=f"Point {no}", is_demo=True)
            for home, compound, need in zip(homes, compounds, needs, strict=True)
            for no in range(1, points(need) + 1)
        )  # fmt: skip
        of_home = {home.pk: call for home, call in zip(homes, calls, strict=True)}
        shifts = made(
            Shift(
                call_up=of_home[site.area_id],
                site=site,
                starts_at=self.start,
                ends_at=self.start + BLOCK,
                status=ShiftStatus.OPEN,
                briefing="洗手，戴好口罩",
                is_demo=True,
            )
            for site in sites
        )
        line = iter(shifts)
        found = [
            [post for seats in deal(need, points(need)) for post in self.of_shift(next(line), seats)] for need in needs
        ]
        made(post for posts in found for post in posts)
        return found

    def later(self, mornings: Sequence[list[Post]]) -> list[city_days.Turn]:
        if self.size.days == 1:
            return []
        turns = list(city_days.later(mornings, self.size.days, Random(self.seed)))  # noqa: S311
        made(list({id(post.shift): post.shift for turn in turns for posts in turn for post in posts}.values()))
        made([post for turn in turns for posts in turn for post in posts])
        return turns

    def call(self, home: Area) -> CallUp:
        return CallUp(
            community=home,
            title="明早核酸，招志愿者",
            title_en="Volunteers needed tomorrow morning",
            activity="核酸检测",
            activity_en="Testing",
            starts_at=self.start,
            ends_at=self.last + (BLOCK if self.last == self.start else timedelta(hours=13)),
            status=CallStatus.OPEN,
            risks="近距离接触居民",
            protection="防护服、口罩",
            insured=True,
            published_at=self.now - timedelta(minutes=self.chance.randrange(30, 240)),
            is_demo=True,
        )

    def of_shift(self, shift: Shift, seats: int) -> Iterator[Post]:
        for role, number in zip(self.roles, deal(seats, min(seats, len(self.roles))), strict=False):
            yield Post(shift=shift, role=role, seats=number)

    def people(self, compounds: Sequence[Compound], units: Sequence[Organisation]) -> list[Volunteer]:
        """Everybody at home somewhere, of some organisation, lent to the community where they live."""
        numbers = count(FIRST_PHONE + (self.seed % 100) * 1_000_000)
        users = made(self.account(next(numbers)) for _person in range(self.size.people))
        homes = [self.chance.choice(compounds) for _person in users]
        people = made(
            Volunteer(user=user, kind=PersonKind.SECONDED, residence=home, is_adult=True, is_demo=True,
                      number=f"0{self.seed % 100:02d}{index:07d}")
            for index, (user, home) in enumerate(zip(users, homes, strict=True))
        )  # fmt: skip
        made(Enrolment(volunteer=one, community_id=community_of(one), channel="desk") for one in people)
        unit, lead = officer("派出单位演示", "+8612000080001"), officer("接收社区演示", "+8612000080002")
        made(
            Affiliation(volunteer=one, organisation=units[index % len(units)], from_day=self.now.date())
            for index, one in enumerate(people)
        )
        made(
            Secondment(
                volunteer=one,
                organisation=units[index % len(units)],
                area_id=community_of(one),
                period=(self.now - timedelta(days=1), self.now + LONGEST - timedelta(days=1)),
                status=SecondmentStatus.ACTIVE,
                proposed_by=unit,
                proposed_at=self.now,
                approved_by=unit,
                approved_at=self.now,
                accepted_by=lead,
                accepted_at=self.now,
                acknowledged_at=self.now,
                is_demo=True,
            )
            for index, one in enumerate(people)
        )
        return people

    def skills(self, people: Sequence[Volunteer]) -> None:
        """Two in three can do something, up to three things each."""
        chance, every = Random(self.seed), list(Qualification.objects.order_by("slug"))  # noqa: S311
        made(
            [
                HeldQualification(volunteer=one, qualification=skill, verified_at=self.now)
                for one in people
                for skill in chance.sample(every, min(len(every), chance.choice(SKILLS)))
            ]
        )

    def account(self, number: int) -> User:
        user = User(name=f"{self.chance.choice(FAMILIES)}演示{number}", email=None, is_demo=True, phone_verified=True)
        user.phone = f"+8612{number:09d}"
        user.password = "!"  # noqa: S105 (nobody signs in)
        return user

    def seat(self, turns: Sequence[Sequence[Sequence[Post]]], people: Sequence[Volunteer]) -> None:
        """Most people on a seat of their own community, as far as there are some; a few are asked. Once a day."""
        secondments = dict(Secondment.objects.filter(volunteer__in=people).values_list("volunteer", "pk"))
        rows: list[SignUp] = []
        served: set[tuple[int, date]] = set()
        for number, turn in enumerate(turns):
            free = {its[0].shift.site.area_id: seats_of(its) for its in turn if its}
            for person in people:
                line = free.get(community_of(person))
                if self.chance.random() > (SEATED_LATER if number else SEATED) or not line:
                    continue
                day = turn[0][0].shift.starts_at.astimezone(TAIYUAN).date()
                if (person.pk, day) not in served and (post := next(line, None)):
                    served.add((person.pk, day))
                    rows.append(self.seated(person, post, secondments[person.pk]))
        made(rows)
        self.spread(rows)

    def seated(self, person: Volunteer, post: Post, secondment: int) -> SignUp:
        post.taken += 1
        asked = self.chance.random() < INVITED
        return SignUp(
            post=post,
            shift=post.shift,
            volunteer=person,
            status=SignUpStatus.INVITED if asked else SignUpStatus.CONFIRMED,
            period=(post.shift.starts_at, post.shift.ends_at),
            seat_no=post.taken,
            respond_by=self.start if asked else None,
            secondment_id=None if asked else secondment,
            channel="desk",
        )

    def spread(self, rows: Sequence[SignUp]) -> None:
        """The sign-ups came in over the last four hours, most of them early."""
        ages = [int(240 * (1 - self.chance.random() ** 2)) for _row in rows]
        write(
            "update staffing_signup u set created_at = x.at "
            "from unnest(%s::bigint[], %s::timestamptz[]) as x (id, at) where u.id = x.id",
            [(row.pk, self.now - timedelta(minutes=age)) for row, age in zip(rows, ages, strict=True)],
        )

    def promise(self, posts: Sequence[Sequence[Post]]) -> None:
        """Some organisations owe names; and what the posts count is written down."""
        units = list(Organisation.objects.filter(is_demo=True).order_by("pk")[:100])
        owed = []
        for its in posts:
            post = its[0]
            if self.chance.random() < PLEDGING and post.taken < post.seats:
                post.pledged = self.chance.randint(1, post.seats - post.taken)
                owed.append(
                    Pledge(post=post, organisation=self.chance.choice(units), seats=post.pledged, due_at=self.start)
                )
        made(owed)
        every = [post for its in posts for post in its if post.taken or post.pledged]
        write(
            "update staffing_post p set taken = x.taken, seats_given = x.taken, last_seat = x.taken, pledged = x.pledged "
            "from unnest(%s::bigint[], %s::int[], %s::int[]) as x (id, taken, pledged) where p.id = x.id",
            [(post.pk, post.taken, post.pledged) for post in every],
        )


def community_of(person: Volunteer) -> int:
    assert person.residence
    return person.residence.community_id


def morning(now: datetime) -> datetime:
    """The next half past five that is at least an hour away."""
    local = now.astimezone(TAIYUAN)
    start = datetime.combine(local.date(), time(5, 30), TAIYUAN)
    return start if start - local >= timedelta(hours=1) else start + timedelta(days=1)


def made[Row: models.Model](rows: Iterator[Row] | Sequence[Row]) -> list[Row]:
    found: list[Row] = []
    for some in batched(rows, BATCH, strict=False):
        found += type(some[0])._default_manager.bulk_create(some)
    return found


def write(statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Columns of the rows as its values, as many at a time as a statement has the time for."""
    with connection.cursor() as cursor:
        for some in batched(rows, BATCH, strict=False):
            cursor.execute(statement, [list(column) for column in zip(*some, strict=True)])


def with_paths(model: type[models.Model], rows: list[Any], parent: str = "/") -> list[Any]:
    for row in rows:
        row.path = f"{row.parent.path if row.parent else parent}{row.pk}/"
    model._default_manager.bulk_update(rows, ["path"], batch_size=BATCH)
    return rows


def grown(city: Area, level: Level, parents: Sequence[Area], word: str, word_en: str) -> list[Area]:
    """An area below each of the parents, numbered through."""
    rows = made(
        Area(level=level, parent=parent, name=f"示范{word}{n}", name_en=f"Demo {word_en} {n}", is_demo=True)
        for n, parent in enumerate(parents, 1)
    )
    return with_paths(Area, rows)


def dealt[Thing](things: Sequence[Thing], number: int) -> list[Thing]:
    """The things in turn, `number` in all."""
    return [things[index % len(things)] for index in range(number)]


def shares(chance: Random, whole: int, parts: int) -> list[int]:
    """`whole` in so many unequal parts, none of them empty."""
    weights = [chance.uniform(0.3, 1.7) for _part in range(parts)]
    unit = (whole - parts) / sum(weights)
    found = [1 + int(weight * unit) for weight in weights]
    for index in range(whole - sum(found)):
        found[index % parts] += 1
    return found


def points(need: int) -> int:
    return max(1, need // AT_ONE_SITE)


def deal(number: int, places: int) -> list[int]:
    """Evenly, none of them empty where there is enough."""
    each, more = divmod(number, places)
    return [each + (index < more) for index in range(places)]


def seats_of(posts: Sequence[Post]) -> Iterator[Post]:
    """The post of each seat, one seat of every post in turn."""
    for turn in range(max(post.seats for post in posts)):
        yield from (post for post in posts if post.seats > turn)
