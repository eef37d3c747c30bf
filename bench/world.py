"""Data for the benches, made in bulk: a community, people with sessions or tokens, calls, shifts and posts."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from itertools import count

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cache import KEY_PREFIX
from django.core.cache.backends.redis import RedisCache
from django.utils import timezone

from communities.models import ApiToken, Area, Compound, Grant, Site, User
from communities.models.keys import token_hash
from communities.states import Level, RoleName
from staffing.models import CallUp, Post, Role, Shift, SignUp
from volunteers.models import Enrolment, Volunteer

serial = count(1)
BACKEND = "communities.web.accounts.Backend"


@dataclass(frozen=True)
class Place:
    community: Area
    compound: Compound
    roles: Sequence[Role]


def place() -> Place:
    number = next(serial)
    city = Area.objects.create(level=Level.CITY, name=f"城市{number}")
    community = Area.objects.create(level=Level.COMMUNITY, parent=city, name=f"社区{number}")
    compound = Compound.objects.create(community=community, name=f"小区{number}")
    roles = [
        Role.objects.get_or_create(slug=f"role-{n}", defaults={"name": f"岗位{n}", "max_block_minutes": 480})[0]
        for n in range(6)
    ]
    return Place(community, compound, roles)


def people(where: Place, number: int, languages: Sequence[str] = ("zh-hans",)) -> list[Volunteer]:
    """Volunteers of the community, known and enrolled; their languages take turns."""
    first = next(serial) * 100_000
    users = []
    for index in range(number):
        language = languages[index % len(languages)]
        user = User(name=f"王演示{index:05d}", email=None, phone_verified=True, is_demo=True, language=language)
        user.phone = f"+8612{first + index:09d}"
        user.set_unusable_password()
        users.append(user)
    users = User.objects.bulk_create(users, batch_size=2000)
    found = Volunteer.objects.bulk_create(
        [
            Volunteer(user=user, residence=where.compound, is_adult=True, number=f"0{first + index:09d}")
            for index, user in enumerate(users)
        ],
        batch_size=2000,
    )
    Enrolment.objects.bulk_create(
        [Enrolment(volunteer=person, community=where.community, channel="web") for person in found], batch_size=2000
    )
    return found


def call(where: Place, hours: float = 20, length: float = 4) -> CallUp:
    start = timezone.now() + timedelta(hours=hours)
    return CallUp.objects.create(
        community=where.community,
        title="招志愿者",
        activity="核酸检测",
        starts_at=start,
        ends_at=start + timedelta(hours=length),
        status="open",
        risks="近距离接触",
        protection="防护服",
        insured=True,
        published_at=timezone.now(),
    )


def posts(
    where: Place, call_up: CallUp, shifts: int, seats: int, each: int = 1, start: datetime | None = None
) -> list[Post]:
    """`shifts` shifts at sites of their own, with `each` posts of `seats` seats."""
    number = next(serial)
    sites = Site.objects.bulk_create(
        [
            Site(
                area=where.community,
                compound=where.compound,
                kind="sampling_point",
                name=f"{number}-{n}号点",
                no=n % 900,
            )
            for n in range(shifts)
        ]
    )
    begin = start or call_up.starts_at
    made = Shift.objects.bulk_create(
        [
            Shift(
                call_up=call_up,
                site=site,
                starts_at=begin,
                ends_at=begin + timedelta(hours=4),
                status="open",
                briefing="洗手",
            )
            for site in sites
        ]
    )
    return Post.objects.bulk_create(
        [Post(shift=shift, role=where.roles[n], seats=seats) for shift in made for n in range(each)]
    )


def fill(rows: Sequence[Post], people: Sequence[Volunteer]) -> None:
    """Seat as many of the people as there is room for, one post each, as `take` would have done."""
    waiting, seated = list(people), []
    for post in rows:
        some, waiting = waiting[: post.seats], waiting[post.seats :]
        post.taken = post.seats_given = post.last_seat = len(some)
        period = (post.shift.starts_at, post.shift.ends_at)
        seated += [
            SignUp(post=post, shift=post.shift, volunteer=one, status="confirmed", period=period, seat_no=seat)
            for seat, one in enumerate(some, 1)
        ]
    SignUp.objects.bulk_create(seated, batch_size=2000)
    Post.objects.bulk_update(rows, ["taken", "seats_given", "last_seat"], batch_size=500)


def lead(where: Place) -> User:
    """Runs the community."""
    user = people(where, 1)[0].user
    Grant.objects.create(user=user, role=RoleName.COMMUNITY_LEAD, area=where.community)
    return user


def session(user: User) -> str:
    """A signed-in session with all that staff pages ask for, as the login makes it; returns the cookie's value."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["account_authentication_methods"] = [{"method": name, "at": time.time()} for name in ("password", "mfa")]
    store["account_authentication_methods_user"] = str(user.pk)
    store.create()
    return str(store.session_key)


def plain_session(person: int) -> str:
    """What R1 reads: the person's number and no more."""
    key = secrets.token_hex(16)
    RedisCache(settings.REDIS_URL, {}).set(f"{KEY_PREFIX}{key}", {"person": person}, 3600)
    return key


def tokens(users: Sequence[User], scopes: Sequence[str]) -> list[str]:
    made = [f"rv_{secrets.token_urlsafe(24)}" for _user in users]
    until = timezone.now() + timedelta(days=1)
    ApiToken.objects.bulk_create(
        [
            ApiToken(user=user, name="bench", token_hash=token_hash(token), scopes=list(scopes), expires_at=until)
            for user, token in zip(users, made, strict=True)
        ]
    )
    return made
