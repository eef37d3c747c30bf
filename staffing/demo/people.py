"""Fictional people: a family name, the word for demo, a number. Phones from a range that no network gives out."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count
from random import Random

from communities.models import Area, Compound, Organisation, User
from staffing.models import Secondment
from staffing.rules.secondments import LONGEST
from staffing.states import SecondmentStatus
from volunteers.models import Affiliation, Consent, Enrolment, HeldQualification, Qualification, Volunteer
from volunteers.states import PersonKind, Purpose

FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
SKILLS = ["stand", "typing", "stairs", "lifting", "experienced", "english", "chinese"]


class Crowd:
    """Makes demo people in bulk, the same ones for the same seed."""

    def __init__(self, seed: int, since: datetime) -> None:
        self.random = Random(seed)  # noqa: S311
        self.serial: Iterator[int] = count(1)
        self.since = since
        self.qualifications = {found.slug: found for found in Qualification.objects.all()}

    def begin(self, number: int) -> None:
        """Count people from this number on."""
        self.serial = count(number)

    def account(self, **fields: object) -> User:
        number = next(self.serial)
        latin = number % 29 == 7
        name = f"Demo Volunteer {number:02d}" if latin else f"{self.random.choice(FAMILIES)}演示{number:04d}"
        user = User(
            name=name, email=None, language="en" if latin else "zh-hans", is_demo=True, phone_verified=True, **fields
        )
        user.phone = f"+8612{number:09d}"
        user.set_unusable_password()
        return user

    def make(
        self,
        number: int,
        kind: PersonKind,
        *,
        community: Area,
        homes: Sequence[Compound | None] = (None,),
        organisations: Sequence[Organisation] = (),
        approved_by: User | None = None,
        skills: int = 2,
    ) -> list[Volunteer]:
        """Adults of one kind, enrolled with the community, homes and organisations dealt out in turn."""
        users = User.objects.bulk_create([self.account() for _person in range(number)])
        people = Volunteer.objects.bulk_create(
            [
                Volunteer(user=user, kind=kind, residence=homes[index % len(homes)], is_adult=True, is_demo=True)
                for index, user in enumerate(users)
            ]
        )
        Enrolment.objects.bulk_create(
            [
                Enrolment(
                    volunteer=person,
                    community=community,
                    channel="web",
                    approved_by=approved_by,
                    approved_at=self.since if approved_by else None,
                )
                for person in people
            ]
        )
        Consent.objects.bulk_create(
            [
                Consent(
                    volunteer=p, purpose=Purpose.SERVICE, text_version="2026-11", channel="web", given_at=self.since
                )
                for p in people
            ]
        )
        if organisations:
            self.affiliate(people, organisations)
        if organisations and kind is PersonKind.SECONDED:
            self.lend(people, organisations, community)
        self.declare(people, skills)
        return people

    def affiliate(self, people: Sequence[Volunteer], organisations: Sequence[Organisation]) -> None:
        Affiliation.objects.bulk_create(
            [Affiliation(volunteer=p, organisation=organisations[i % len(organisations)]) for i, p in enumerate(people)]
        )

    def lend(self, people: Sequence[Volunteer], organisations: Sequence[Organisation], area: Area) -> None:
        """On duty with the area since the beginning, as agreed by both ends and by themselves."""
        unit, lead = (officer("派出单位演示", "+8612000080001"), officer("接收社区演示", "+8612000080002"))
        agreed = {"proposed_at": self.since, "approved_at": self.since, "accepted_at": self.since}
        Secondment.objects.bulk_create(
            [
                Secondment(
                    volunteer=person,
                    organisation=organisations[index % len(organisations)],
                    area=area,
                    period=(self.since, self.since + LONGEST),
                    status=SecondmentStatus.ACTIVE,
                    proposed_by=unit,
                    approved_by=unit,
                    accepted_by=lead,
                    acknowledged_at=self.since,
                    is_demo=True,
                    **agreed,
                )
                for index, person in enumerate(people)
            ]
        )

    def declare(self, people: Sequence[Volunteer], number: int) -> None:
        HeldQualification.objects.bulk_create(
            [
                HeldQualification(volunteer=person, qualification=self.qualifications[slug])
                for person in people
                for slug in self.random.sample(SKILLS, number)
            ]
        )

    def train(self, person: Volunteer, slug: str, by: User) -> None:
        """A qualification that counts only because somebody has verified it."""
        HeldQualification.objects.get_or_create(
            volunteer=person,
            qualification=self.qualifications[slug],
            defaults={"verified_by": by, "verified_at": self.since},
        )


def officer(name: str, phone: str) -> User:
    """Who decided for one end of a secondment."""
    found: User | None = User.objects.by_phone(phone)
    return found or User.objects.create_user(name=name, phone=phone, is_demo=True)
