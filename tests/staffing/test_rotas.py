"""Rotas: patterns people can live by, everybody's rest kept, honest gaps, and a day that stands whole or not at all."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from communities.errors import Invalid, Refused
from communities.models import Message
from staffing.actions import rotas
from staffing.actions.assignments import assign_together
from staffing.actions.decisions import assign, cancel
from staffing.actions.rotas import RotaPlan
from staffing.models import Post, RotaDay, RotaMember, Shift, SignUp
from staffing.queries import rotas as queries
from staffing.rules.fatigue import Interval, strains
from staffing.rules.rota_patterns import CHANGES, NIGHTS, STANDARD, Pattern, faults, next_phase, phases, unreadable
from staffing.rules.rotas import Ground, Hand, deal, fill, homes
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import DAWN, NIGHT, TAIYUAN
from volunteers.models import Absence

DAY = date(2022, 4, 4)
EIGHT = timedelta(hours=8)
PATTERN = Pattern(STANDARD, CHANGES, TAIYUAN)


def codes(word, changes=CHANGES, longest=EIGHT):
    return {refusal.code for refusal in faults(Pattern(word, changes, TAIYUAN), longest)}


def hands(number, sites, **fields):
    usual = homes(sites, number)
    return [Hand(pk, phase, usual[pk], **fields) for pk, phase in enumerate(phases(number, len(STANDARD)))]


def blocks_of(turns, pattern=PATTERN):
    found = {}
    for turn in turns:
        found.setdefault(turn.hand, []).append(pattern.block(turn.slot, turn.day))
    return found


class TestPattern:
    def test_the_standard_one_keeps_every_rule(self):
        assert faults(PATTERN, EIGHT) == []

    @pytest.mark.parametrize(
        ("word", "found"),
        [
            ("1111222-33344-", {"too_many_days", "too_many_nights"}),
            ("4321-", {"rotates_backwards"}),
            ("41-", {"duty_too_long", "rotation", "rotates_backwards"}),
            ("42-", {"too_little_rest", "rotates_backwards"}),
            ("222222222-", {"too_many_days"}),
            ("1111--", {"too_many_nights"}),
        ],
    )
    def test_what_nobody_should_live_by_is_refused_with_every_reason(self, word, found):
        assert codes(word) == found

    def test_a_shift_longer_than_the_role_allows_is_refused(self):
        assert "block_too_long_for_role" in codes("1-", (time(0), time(12)))

    @pytest.mark.parametrize(
        ("word", "changes", "code"),
        [
            ("15-", CHANGES, "pattern_unreadable"),
            ("--", CHANGES, "pattern_unreadable"),
            ("1", CHANGES, "pattern_unreadable"),
            ("12-", (time(6), time(0)), "changes_out_of_order"),
            ("12-", CHANGES, None),
        ],
    )
    def test_a_pattern_is_read_strictly(self, word, changes, code):
        assert unreadable(word, changes) == code

    @given(st.integers(1, 400), st.integers(2, 30), st.integers(1, 10))
    def test_any_few_neighbouring_phases_hold_their_share(self, people, length, few):
        taken = Counter(phases(people, length))
        few = min(few, length)
        for start in range(length):
            held = sum(taken[(start + step) % length] for step in range(few))
            assert abs(held - people * few / length) < 1

    def test_who_joins_gets_the_phase_with_the_fewest(self):
        assert next_phase([0, 0, 1], 3) == 2


@pytest.fixture(scope="module")
def month():
    sites = dict.fromkeys(range(1, 12), 5)
    return deal(PATTERN, Ground(sites, DAY, EIGHT), hands(260, sites), DAY, 28)


class TestStory:
    """11 checkpoints, 5 seats, 4 shifts of 6 hours; 260 people (domain.md section 6)."""

    def test_220_seats_a_day_are_held_every_day_and_none_is_empty(self, month):
        assert set(Counter(turn.day for turn in month.turns).values()) == {220}
        assert month.gaps == []
        assert set(Counter((turn.day, turn.slot, turn.site) for turn in month.turns).values()) == {5}

    def test_everybody_has_a_day_off_in_any_seven(self, month):
        for days in served(month).values():
            assert all(len({day + timedelta(step) for step in range(7)} & days) <= 6 for day in days)
        assert len(served(month)) == 260

    def test_nights_come_in_blocks_of_three_at_most_and_shifts_go_forwards(self, month):
        for person in range(260):
            slots = {turn.day: turn.slot for turn in month.turns if turn.hand == person}
            days = sorted(slots)
            nights = [day for day in days if slots[day] == 0]
            assert all(not {day + timedelta(step) for step in range(NIGHTS + 1)} <= set(nights) for day in nights)
            turned = [(slots[a], slots[b]) for a, b in pairwise(days)]
            assert all(b in {a, (a + 1) % 4} for a, b in turned)

    def test_the_load_is_fair_to_within_a_day_a_week(self, month):
        load = Counter(turn.hand for turn in month.turns).values()
        assert (max(load), min(load) >= 20) == (24, True)

    def test_nineteen_in_twenty_stand_at_their_usual_checkpoint(self, month):
        usual = homes(dict.fromkeys(range(1, 12), 5), 260)
        assert sum(usual[turn.hand] == turn.site for turn in month.turns) > 0.95 * len(month.turns)


def served(dealt):
    found = {}
    for turn in dealt.turns:
        found.setdefault(turn.hand, set()).add(turn.day)
    return found


@st.composite
def crews(draw):
    sites = dict(enumerate(draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))))
    chance = Random(draw(st.integers(0, 10_000)))
    number = draw(st.integers(0, 40))
    usual = homes(sites, number)

    def away():
        start = datetime(2022, 4, 4, chance.randrange(24), tzinfo=TAIYUAN) + timedelta(days=chance.randrange(-6, 12))
        return Interval(start, start + timedelta(hours=chance.choice([2, 6, 30, 80])))

    def days(number):
        return frozenset(DAY + timedelta(days=chance.randrange(14)) for _each in range(number))

    people = [
        Hand(
            pk,
            phase if chance.random() < 0.8 else chance.randrange(14),
            usual[pk],
            duties=apart(away() for _each in range(chance.randrange(3))),
            away=tuple(away() for _each in range(chance.randrange(2))),
            off=days(chance.randrange(3)),
            on=days(chance.randrange(4)),
            since=DAY + timedelta(days=chance.choice([-9, 0, 3])),
        )
        for pk, phase in enumerate(phases(number, 14))
    ]
    return sites, people, chance


def apart(intervals):
    found = []
    for one in intervals:
        if not any(one.overlaps(other) for other in found):
            found.append(one)
    return tuple(found)


@settings(max_examples=40, deadline=None)
@given(crews())
def test_whatever_happens_rest_is_kept_seats_are_counted_and_order_does_not_matter(crew):
    sites, people, chance = crew
    ground = Ground(sites, DAY, EIGHT)

    dealt = deal(PATTERN, ground, people, DAY, 14)

    by_id = {hand.id: hand for hand in people}
    for pk, blocks in blocks_of(dealt.turns).items():
        hand = by_id[pk]
        for number, block in enumerate(blocks):
            before = [*hand.duties, *blocks[:number]]
            assert strains(block, before, TAIYUAN, max_block=EIGHT) == []
            assert not any(block.overlaps(other) for other in [*before, *hand.away])
    for turn in dealt.turns:
        assert turn.day not in by_id[turn.hand].off
        assert turn.day >= by_id[turn.hand].since
    held = Counter((turn.day, turn.slot, turn.site) for turn in dealt.turns)
    missing = {(gap.day, gap.slot, gap.site): gap.seats for gap in dealt.gaps}
    for day in range(14):
        for slot in range(4):
            for site, seats in sites.items():
                spot = (DAY + timedelta(days=day), slot, site)
                assert held[spot] + missing.get(spot, 0) == seats
    assert all(gap.reasons for gap in dealt.gaps)
    shuffled = chance.sample(people, len(people))
    assert deal(PATTERN, ground, shuffled, DAY, 14) == dealt


@settings(max_examples=15, deadline=None)
@given(crews(), st.integers(1, 13))
def test_days_dealt_one_by_one_are_those_dealt_together(crew, cut):
    sites, people, _chance = crew
    ground = Ground(sites, DAY, EIGHT)
    whole = deal(PATTERN, ground, people, DAY, 14)

    first = deal(PATTERN, ground, people, DAY, cut)
    done = blocks_of(first.turns)
    grown = [Hand(**{name: getattr(hand, name) for name in Hand.__slots__} | {"duties": (*hand.duties, *done.get(hand.id, ()))}) for hand in people]  # fmt: skip
    then = deal(PATTERN, ground, grown, DAY + timedelta(days=cut), 14 - cut)

    assert [*first.turns, *then.turns] == whole.turns
    assert [*first.gaps, *then.gaps] == whole.gaps


def test_a_gap_says_how_many_were_missing_and_why():
    sites = {1: 2}
    away = Interval(datetime(2022, 4, 4, tzinfo=TAIYUAN), datetime(2022, 4, 5, tzinfo=TAIYUAN))
    people = [Hand(1, 3, 1), Hand(2, 3, 1, away=(away,))]

    gaps = deal(PATTERN, Ground(sites, DAY, EIGHT), people, DAY, 1).gaps

    assert {(gap.slot, gap.seats, gap.reasons) for gap in gaps} == {
        (0, 2, (("too_few_people", 2),)),
        (1, 1, (("absent", 1),)),
        (2, 2, (("too_few_people", 2),)),
        (3, 2, (("too_few_people", 2),)),
    }


def test_who_is_over_stands_in_where_somebody_is_missing_if_their_own_shift_tomorrow_stays_possible():
    ground = Ground({1: 1}, DAY, EIGHT)
    morning = [Hand(1, 3, 1), Hand(2, 3, 1)]

    turns = fill(PATTERN, ground, morning, DAY, {0: {1: 1}, 2: {1: 1}, 3: {1: 1}})

    # both have the morning shift tomorrow: 24 hours after a night, 12 after an afternoon, 6 after an evening
    assert [(turn.slot, turn.hand) for turn in turns] == [(0, 1), (2, 2)]


@pytest.mark.django_db
class TestActions:
    @pytest.fixture
    def area(self):
        return places.area()

    def rota(self, area, people=30, sites=1, seats=5, **fields):
        """One checkpoint with five seats and half as many people again as the pattern needs."""
        call = make.call(area, ends_at=NIGHT + timedelta(days=30))
        points = [places.site(area, kind="checkpoint", no=n + 1) for n in range(sites)]
        role = make.role("checkpoint", max_block_minutes=480)
        plan = RotaPlan(call.pk, role.pk, {site.pk: seats for site in points}, DAY, **fields)
        made = rotas.begin(area.pk, plan, by=places.lead(area), now=NIGHT)
        for _person in range(people):
            make.seconded(area)
        rotas.enlist(made.pk, None, day=DAY, by=made.created_by, now=NIGHT)
        return made

    def publish(self, rota, day=DAY, now=NIGHT):
        return rotas.publish(rota.pk, day, by=rota.created_by, now=now)

    def held(self, rota, day=DAY):
        start = datetime.combine(day, time(), tzinfo=TAIYUAN)
        return SignUp.objects.holding_seat().filter(
            shift__call_up=rota.call_up, shift__starts_at__gte=start, shift__starts_at__lt=start + timedelta(days=1)
        )

    def test_a_day_stands_with_shifts_seats_and_people_by_their_secondment_and_publishing_again_changes_nothing(
        self, area
    ):
        rota = self.rota(area)

        first, again = self.publish(rota), self.publish(rota)

        assert first == again
        assert (first.seats, first.placed, first.gaps) == (20, 20, [])
        shifts = Shift.objects.filter(call_up=rota.call_up).order_by("starts_at")
        assert [(shift.status, shift.starts_at.astimezone(TAIYUAN).hour) for shift in shifts] == [
            ("open", 0),
            ("open", 6),
            ("open", 12),
            ("open", 18),
        ]
        assert self.held(rota).filter(status="confirmed", secondment__isnull=False).count() == 20
        assert list(Post.objects.order_by().values_list("person_kinds", flat=True).distinct()) == [["seconded"]]

    def test_days_are_published_in_their_order_and_the_people_of_a_fortnight_keep_their_rest(self, area):
        rota = self.rota(area)
        with pytest.raises(Refused) as caught:
            self.publish(rota, DAY + timedelta(days=1))

        days = [self.publish(rota, DAY + timedelta(days=step)) for step in range(8)]

        assert caught.value.code == "rota_day_order"
        assert [(day.placed, day.gaps) for day in days] == [(20, [])] * 8
        for person in RotaMember.objects.all():
            periods = [row.period for row in SignUp.objects.filter(volunteer=person.volunteer).order_by("period")]
            blocks = [Interval(period.lower, period.upper) for period in periods]
            assert all(strains(block, blocks[:n], TAIYUAN) == [] for n, block in enumerate(blocks))

    def test_the_shifts_and_other_agencies_seats_of_a_joint_post_are_used_as_they_are(self, area):
        rota = self.rota(area)
        site = rota.sites.get().site
        start = datetime(2022, 4, 4, 6, tzinfo=TAIYUAN)
        shift = make.shift(site, rota.call_up, start=start, length=timedelta(hours=6))
        police = make.post(shift, 2, role=make.role("police", counted=False), agency=places.organisation())

        self.publish(rota)

        assert Shift.objects.filter(call_up=rota.call_up).count() == 4
        assert list(shift.posts.order_by("pk").values_list("role__slug", "seats", "taken")) == [
            ("police", 2, 0),
            ("checkpoint", 5, 5),
        ]
        assert police.agency_id

    def test_who_is_away_leaves_a_gap_that_says_so_and_that_the_reserves_of_the_call_are_offered(self, area):
        rota = self.rota(area, people=14, seats=3)
        (night,) = rota.members.filter(phase=0)
        Absence.objects.create(volunteer=night.volunteer, period=(NIGHT, NIGHT + timedelta(days=1)))
        helper = make.seconded(area)
        waiting = make.post(
            make.shift(rota.sites.get().site, rota.call_up, start=NIGHT + timedelta(days=9)), 1, taken=1, seats_given=1
        )
        SignUp.objects.create(
            post=waiting, shift=waiting.shift, volunteer=helper, status="waitlisted", placed=True, position=1,
            period=(waiting.shift.starts_at, waiting.shift.ends_at),
        )  # fmt: skip
        Post.objects.filter(pk=waiting.pk).update(waiting=1, tickets=1)

        day = self.publish(rota)
        day.refresh_from_db()

        assert (day.seats, day.placed) == (12, 11)
        assert day.gaps == [{"slot": 0, "site": rota.sites.get().site_id, "seats": 1, "reasons": [["absent", 1]]}]
        offered = self.held(rota).get(status="invited")
        assert (offered.volunteer, offered.shift.starts_at.astimezone(TAIYUAN).hour) == (helper, 0)

    def test_a_changed_day_off_frees_the_seat_and_somebody_left_over_stands_in(self, area):
        rota = self.rota(area)
        self.publish(rota)
        seat = self.held(rota).filter(shift__starts_at=datetime(2022, 4, 4, 6, tzinfo=TAIYUAN)).first()
        member = rota.members.get(volunteer=seat.volunteer)

        one = rotas.give_day_off(member.pk, DAY, by=rota.created_by, now=NIGHT)
        same = rotas.give_day_off(member.pk, DAY, by=rota.created_by, now=NIGHT)

        assert one == same
        seat.refresh_from_db()
        assert (seat.status, seat.reason) == ("cancelled", "rota_day_off")
        assert self.held(rota).count() == 20
        assert not self.held(rota).filter(volunteer=member.volunteer).exists()

    def test_a_day_off_taken_back_gives_a_free_seat_back_to_its_person(self, area):
        rota = self.rota(area, people=28, seats=6)
        member = rota.members.filter(phase=3).first()
        off = rotas.give_day_off(member.pk, DAY, by=rota.created_by, now=NIGHT)
        day = self.publish(rota)
        day.refresh_from_db()

        rotas.take_back_day_off(off.pk, by=rota.created_by, now=NIGHT)

        assert [gap["reasons"] for gap in day.gaps] == [[["day_off", 1]]]
        assert self.held(rota).filter(volunteer=member.volunteer).count() == 1

    def test_days_off_that_make_no_sense_are_refused_per_field(self, area):
        rota = self.rota(area)
        member = rota.members.filter(phase=6).first()  # has the first day off

        found = {}
        for name, day, instead in [
            ("past", DAY - timedelta(days=2), None),
            ("off", DAY, None),
            ("works", DAY + timedelta(days=1), DAY + timedelta(days=2)),
        ]:
            with pytest.raises(Invalid) as caught:
                rotas.give_day_off(member.pk, day, instead, by=rota.created_by, now=NIGHT)
            found[name] = sorted(caught.value.fields)

        assert found == {"past": ["day"], "off": ["day"], "works": ["instead"]}

    def test_somebody_who_says_later_that_they_are_away_is_replaced_by_the_clock_once(self, area):
        rota = self.rota(area)
        self.publish(rota)
        seat = self.held(rota).order_by("pk").first()
        Absence.objects.create(volunteer=seat.volunteer, period=(NIGHT, NIGHT + timedelta(days=1)))

        found = [rotas.sweep(NIGHT), rotas.sweep(NIGHT)]

        assert found == [1, 0]
        assert not self.held(rota).filter(volunteer=seat.volunteer).exists()
        assert Message.objects.filter(kind="cancelled", target=seat.pk).count() == 1

    def test_a_lead_may_still_cancel_by_hand_and_mend_afterwards(self, area):
        rota = self.rota(area)
        self.publish(rota)
        cancel(self.held(rota).first().pk, by=rota.created_by, now=NIGHT, reason="other")

        assert rotas.mend(rota, DAY, by=rota.created_by, now=NIGHT) == 1
        assert self.held(rota).count() == 20

    def test_only_people_on_duty_here_are_taken_in_and_each_into_one_rota(self, area):
        rota = self.rota(area, people=2)
        there = rota.members.first().volunteer
        stranger, volunteer = make.seconded(places.area()), make.volunteer(community=area)

        assert rotas.enlist(rota.pk, [there.pk], day=DAY, by=rota.created_by, now=NIGHT) == []
        for person in (stranger, volunteer):
            with pytest.raises(Invalid):
                rotas.enlist(rota.pk, [person.pk], day=DAY, by=rota.created_by, now=NIGHT)
        assert rota.members.count() == 2

    def test_whose_time_here_ends_before_a_shift_is_not_placed_on_it(self, area):
        rota = self.rota(area, people=14, seats=3)
        member = rota.members.get(phase=3)
        member.volunteer.secondments.update(period=(NIGHT - timedelta(days=1), NIGHT + timedelta(hours=9)))

        day = self.publish(rota)
        day.refresh_from_db()

        assert (day.placed, day.gaps[0]["reasons"]) == (11, [["not_lent_here", 1]])

    def test_a_day_that_lacks_its_briefing_is_refused_whole(self, area):
        rota = self.rota(area)
        type(rota.role).objects.filter(pk=rota.role_id).update(risky=True)

        with pytest.raises(Refused) as caught:
            self.publish(rota)

        assert caught.value.code == "no_briefing"
        assert (RotaDay.objects.count(), Shift.objects.filter(call_up=rota.call_up).count()) == (0, 0)

    def test_a_pattern_that_breaks_rest_or_a_strange_site_never_becomes_a_rota(self, area):
        with pytest.raises(Refused) as caught:
            self.rota(area, pattern="4321-")
        call, role = make.call(area), make.role()
        with pytest.raises(Invalid) as found:
            rotas.begin(
                area.pk,
                RotaPlan(call.pk, role.pk, {places.site().pk: 0}, DAY, pattern="9"),
                by=places.lead(area),
                now=NIGHT,
            )

        assert caught.value.code == "rotates_backwards"
        assert sorted(found.value.fields) == ["pattern", "sites"]

    def test_who_leaves_gives_up_what_comes_after(self, area):
        rota = self.rota(area)
        self.publish(rota)
        member = rota.members.get(volunteer=self.held(rota).first().volunteer)

        rotas.leave(member.pk, DAY - timedelta(days=1), by=rota.created_by, now=NIGHT)
        rotas.end(rota.pk, by=rota.created_by, now=NIGHT)

        member.refresh_from_db()
        assert member.until_day == member.from_day == DAY
        assert self.held(rota).filter(volunteer=member.volunteer).exists()  # their first day is their last
        with pytest.raises(Refused) as caught:
            self.publish(rota, DAY + timedelta(days=1))
        assert caught.value.code == "rota_ended"

    def test_the_sheet_shows_what_stands_and_what_would_come_in_as_many_statements_for_1_as_for_30(self, area):
        counts = []
        for people in (14, 30):
            rota = self.rota(places.area(), people=people, seats=3)
            self.publish(rota)
            with CaptureQueriesContext(connection) as caught:
                sheet = queries.sheet(rota, DAY, 7, DAY, TAIYUAN)
            counts.append(len(caught))
            assert (len(sheet.turns), sheet.gaps, list(sheet.published)) == (84, [], [DAY])

        assert counts[0] == counts[1] <= 17


@pytest.mark.django_db
class TestTogether:
    """Many are put on seats at once by the rules of one."""

    def test_each_is_seated_or_stays_for_the_same_reason_as_alone(self):
        area = places.area()
        call, role = make.call(area), make.role("checkpoint")
        early = make.post(make.shift(places.site(area), call), 9, role=role)
        late = make.post(make.shift(places.site(area), call, start=DAWN + timedelta(hours=1)), 1, role=role)
        fits, twice, again = make.seconded(area), make.seconded(area), make.seconded(area)
        person, stranger, over = make.volunteer(community=area), make.seconded(places.area()), make.seconded(area)
        by = places.lead(area)
        for post, who in ((early, twice), (early, again), (late, fits)):
            assign(post.pk, who.pk, by=by, now=NIGHT)
        pairs = [(early.pk, one.pk) for one in (fits, again, person, stranger)] + [
            (late.pk, twice.pk),
            (late.pk, over.pk),
        ]

        found = assign_together(pairs, by=by, now=NIGHT)

        alone = {}
        for post, who in pairs:
            try:
                assign(post, who, by=by, now=NIGHT)
            except Refused as refused:
                alone[who] = [reason.code for reason in refused.reasons]
        assert {who: [reason.code for reason in reasons] for who, reasons in found.stayed.items()} == alone
        assert alone == {
            fits.pk: ["overlap"],
            person.pk: ["volunteers_are_asked"],
            stranger.pk: ["not_lent_here"],
            twice.pk: ["overlap"],
            over.pk: ["seat_taken"],
        }
        assert found.done == []

    def test_it_takes_one_statement_more_for_each_person_more(self):
        counts = []
        for number in (2, 12):
            area = places.area()
            post = make.post(make.shift(places.site(area), make.call(area)), number)
            people = [make.seconded(area) for _person in range(number)]
            with CaptureQueriesContext(connection) as caught:
                found = assign_together([(post.pk, one.pk) for one in people], by=places.lead(area), now=NIGHT)
            counts.append(len(caught))
            assert len(found.done) == number
            told = Message.objects.filter(kind="confirmed", target__in=[seat.pk for seat in found.done])
            assert told.count() == number

        assert counts[1] - counts[0] == 10
