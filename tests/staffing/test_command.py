"""The command board: exact counts, the order, what is foreseen, and what it costs with one community and with thirty."""

from collections import defaultdict
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from communities.states import Level, RoleName, ZoneLevel
from staffing.actions import attendance, decisions, pledges, signups
from staffing.demo import city
from staffing.management.commands import load_city
from staffing.models import Post, Secondment, Shift, SignUp
from staffing.queries.command import board
from staffing.queries.readiness import readiness
from staffing.queries.reinforcements import levels, need
from staffing.queries.situation import day_before, situation
from staffing.rules.command import WAY, Line, Ready, Tally, ranked, ready, total, worst
from staffing.rules.fatigue import Interval, breaches
from staffing.rules.readiness import Forecast
from staffing.rules.withholding import SMALLEST, told
from staffing.states import Outlook, Ranking
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, DAWN, NIGHT, TAIYUAN
from volunteers.models import ServiceRecord

HOUR = timedelta(hours=1)


class TestRules:
    def test_posts_are_named_asked_pledged_or_covered_by_nobodys_word(self):
        found = Tally(need=32, taken=16, asked=1, pledged=5)
        assert (found.named, found.soft, found.bare, found.missing, found.percent) == (15, 6, 11, 17, 34)

    @given(st.lists(st.tuples(*[st.integers(0, 40)] * 5), max_size=8))
    def test_all_together_are_the_sum_and_nothing_is_counted_twice(self, numbers):
        tallies = [Tally(taken + free, taken, min(asked, taken), min(kept, free), 0) for taken, free, asked, kept, _rest in numbers]  # fmt: skip
        whole = total(tallies)
        assert whole.named + whole.asked + whole.pledged + whole.bare == whole.need
        assert whole.bare == sum(one.bare for one in tallies)

    def test_complete_is_on_time_and_a_late_last_seat_is_late_by_the_way(self):
        soon, late = Forecast(NIGHT, None, None), Forecast(DAWN, None, None)
        assert ready(0, DAWN, None) == Ready(Outlook.ON_TIME, DAWN, DAWN)
        assert ready(3, DAWN, soon) == Ready(Outlook.ON_TIME, DAWN, DAWN)
        assert ready(3, DAWN, late) == Ready(Outlook.LATE, DAWN, DAWN + WAY)
        assert ready(3, DAWN, late).late == WAY
        assert ready(3, DAWN, None).outlook == Outlook.UNKNOWN
        assert ready(3, DAWN, Forecast(None, None, None)).outlook == Outlook.NEVER

    @given(st.integers(1, 60), st.integers(0, 600))
    def test_a_later_last_seat_never_makes_a_community_complete_earlier(self, missing, minutes):
        first, later = (Forecast(NIGHT + timedelta(minutes=n), None, None) for n in (minutes, minutes + 1))
        assert ready(missing, DAWN, first).at <= ready(missing, DAWN, later).at

    def test_the_call_that_is_complete_last_says_when_the_community_is(self):
        on_time, late = Ready(Outlook.ON_TIME, DAWN, DAWN), Ready(Outlook.LATE, DAWN, DAWN + HOUR)
        never, unknown = Ready(Outlook.NEVER, DAWN), Ready(Outlook.UNKNOWN, DAWN)
        assert worst([on_time, late]) == late
        assert worst([late, never]) == never
        assert worst([on_time, unknown]) == unknown
        assert worst([]).outlook == Outlook.ON_TIME

    def test_the_greatest_share_comes_first_and_other_orders_are_there(self):
        small = Line(1, "b", "", Tally(10, 5), Ready(Outlook.ON_TIME, DAWN, DAWN))
        large = Line(2, "c", "", Tally(100, 70), Ready(Outlook.LATE, DAWN, DAWN + HOUR))
        full = Line(3, "a", "", Tally(20, 20))
        rows = [full, large, small]
        assert [line.area for line in ranked(rows)] == [1, 2, 3]
        assert [line.area for line in ranked(rows, Ranking.MISSING)] == [2, 1, 3]
        assert [line.area for line in ranked(rows, Ranking.READY)] == [2, 1, 3]
        assert [line.area for line in ranked(rows, Ranking.NAME)] == [3, 1, 2]


class TestWithholding:
    def test_a_small_group_is_withheld_with_the_next_so_that_the_sum_tells_nothing(self):
        found = told({"a": 4, "b": 12, "c": 200})
        assert (found.groups, found.total) == ({"a": None, "b": None, "c": 200}, 216)

    def test_alone_it_takes_the_sum_with_it_and_nobody_is_no_group(self):
        assert told({"a": 4}) == told({"a": 7})
        assert (told({"a": 4, "b": 0}).groups, told({"a": 4, "b": 0}).total) == ({"a": None, "b": 0}, None)
        assert told({"a": 10, "b": 0}).total == 10

    @given(st.dictionaries(st.integers(0, 8), st.integers(0, 60), max_size=7))
    def test_no_group_under_ten_can_be_read_or_worked_out(self, counts):
        found = told(counts)
        for key, count in found.groups.items():
            assert count is None or count == counts[key]
            assert count is None or count == 0 or count >= SMALLEST
        kept = [counts[key] for key, count in found.groups.items() if count is None]
        if kept and found.total is not None:
            assert len(kept) > 1
            assert sum(kept) >= SMALLEST


class Scene:
    """A district with three communities: one short of most, one that is complete, one that nobody asks anything of."""

    def __init__(self):
        self.district = places.area(Level.DISTRICT)
        self.short, self.full, self.idle = (places.area(parent=self.district, name=name) for name in "短齐闲")
        self.leads = {area.pk: places.lead(area) for area in (self.short, self.full, self.idle)}
        self.above = places.lead(self.district, RoleName.DISTRICT_LEAD)
        self.call = make.call(self.short)
        self.home = places.compound(self.short)
        self.shift = make.shift(places.site(self.short), self.call)
        self.post = make.post(self.shift, seats=8)
        self.there = make.post(make.shift(places.site(self.full), make.call(self.full)), seats=1)
        signups.sign_up(self.there.pk, make.volunteer(community=self.full).pk, now=NIGHT)

    def neighbours(self, number, post=None):
        return [
            signups.sign_up((post or self.post).pk, make.volunteer(self.home).pk, now=NIGHT) for _n in range(number)
        ]

    def line(self, area=None, **how):
        found = board(self.district, NIGHT, **how)
        return next(line for line in found.lines if line.area == (area or self.short).pk)


@pytest.fixture
def scene(db):
    return Scene()


class TestBoard:
    def test_each_seat_is_counted_once_for_what_it_is(self, scene):
        seats = scene.neighbours(3)
        decisions.invite(scene.post.pk, make.volunteer(scene.home).pk, by=scene.leads[scene.short.pk], now=NIGHT)
        pledges.promise(scene.post.pk, places.organisation().pk, 2, DAWN, by=scene.above, now=NIGHT)
        attendance.check_in(seats[0].pk, by=scene.leads[scene.short.pk], now=DAWN - HOUR / 4)
        found = scene.line()
        assert found.tally == Tally(need=8, taken=4, asked=1, pledged=2, here=1)
        assert (found.tally.named, found.tally.bare, found.came) == (3, 2, 3)
        whole = board(scene.district, NIGHT)
        assert whole.total == Tally(need=9, taken=5, asked=1, pledged=2, here=1)
        assert [line.area for line in whole.lines] == [scene.short.pk, scene.full.pk]
        assert whole.on_time == 1

    def test_seats_of_others_drafts_and_what_is_over_do_not_count(self, scene):
        make.post(scene.shift, seats=5, role=make.role("police"), agency=places.organisation())
        make.post(scene.shift, seats=5, role=make.role("sampler", counted=False))
        make.post(make.shift(places.site(scene.short), scene.call, status="draft"), seats=5)
        make.post(make.shift(places.site(scene.short), scene.call, status="cancelled"), seats=5)
        make.post(make.shift(places.site(scene.short), start=NIGHT - 2 * BLOCK), seats=5)
        make.post(make.shift(places.site(scene.short), start=NIGHT + timedelta(hours=25)), seats=5)
        make.post(make.shift(places.site(), make.call()), seats=5)
        assert board(scene.district, NIGHT).total.need == 9

    def test_of_blocks_that_follow_each_other_the_one_that_lacks_most_counts(self, scene):
        scene.neighbours(3)
        second = make.post(make.shift(scene.shift.site, scene.call, start=DAWN + BLOCK), seats=8)
        scene.neighbours(1, second)
        assert scene.line().tally == Tally(need=8, taken=1)
        make.post(make.shift(places.site(scene.short), start=DAWN), seats=2)  # of no call
        assert scene.line().tally == Tally(need=10, taken=1)

    def test_a_grid_counts_with_its_community_and_what_lies_above_stands_for_itself(self, scene):
        grid = places.area(Level.GRID, parent=scene.short)
        make.post(make.shift(places.site(grid), make.call(scene.short)), seats=2)
        make.post(make.shift(places.site(scene.district), make.call(scene.district)), seats=3)
        assert scene.line().tally.need == 10
        assert scene.line(scene.district).tally.need == 3
        assert [line.area for line in board(grid, NIGHT).lines] == [grid.pk]

    def test_who_gave_up_in_the_last_hour_shows_as_lost(self, scene):
        seats = scene.neighbours(3)
        SignUp.objects.update(created_at=NIGHT - 3 * HOUR)
        signups.withdraw(seats[0].pk, now=NIGHT)
        SignUp.objects.filter(pk=seats[0].pk).update(changed_at=NIGHT)
        assert (scene.line().came, scene.line().gone, scene.line().change) == (0, 1, -1)

    def test_it_foresees_as_the_calls_own_desk_does(self, scene):
        scene.neighbours(5)
        SignUp.objects.filter(post=scene.post).update(created_at=NIGHT - HOUR / 2)
        own = readiness(scene.call, NIGHT).forecast
        found = scene.line().ready
        assert (found.outlook, found.by) == (Outlook.ON_TIME, DAWN - timedelta(minutes=20))
        assert own.likely + WAY < found.at == found.by

    def test_lent_staff_without_a_post_are_there_to_be_used(self, scene):
        people = [make.seconded(scene.short, scene.home) for _person in range(3)]
        decisions.assign(scene.post.pk, people[0].pk, by=scene.leads[scene.short.pk], now=NIGHT)
        make.seconded(scene.idle)
        found = board(scene.district, NIGHT)
        assert {line.area: line.free for line in found.lines} == {scene.short.pk: 2, scene.full.pk: 0, scene.idle.pk: 1}
        asked = need(scene.short, found)
        assert [(helper.line.area, helper.can_enter) for helper in asked.helpers] == [(scene.idle.pk, 1)]
        places.zone(ZoneLevel.LOCKDOWN, since=NIGHT - HOUR, area=scene.short)
        assert [helper.can_enter for helper in need(scene.short, found).helpers] == [0]
        assert [(str(role), bare) for role, bare in asked.roles] == [(str(scene.post.role), 7)]

    def test_the_strictest_zone_of_a_community_is_told(self, scene):
        places.zone(ZoneLevel.PRECAUTION, since=NIGHT - HOUR, area=scene.district)
        places.zone(ZoneLevel.LOCKDOWN, since=NIGHT - HOUR, compound=scene.home)
        found = levels([scene.short, scene.full], NIGHT)
        assert [found[area.pk].level for area in (scene.short, scene.full)] == ["lockdown", "precaution"]

    def test_thirty_communities_cost_no_more_than_one(self, scene, queries_of):
        board(scene.district, NIGHT)
        few = queries_of(lambda: board(scene.district, NIGHT))
        for _community in range(30):
            area = places.area(parent=scene.district)
            make.post(make.shift(places.site(area), make.call(area)), seats=3)
            make.seconded(area)
        board(scene.district, NIGHT)
        assert queries_of(lambda: board(scene.district, NIGHT)) == few


class TestCity:
    def built(self, seed):
        """How every community stands in a city of this seed, which is then no more."""
        size = city.Size(organisations=7, people=300, communities=40, seats=900)
        with transaction.atomic():
            area = city.build(size, seed, NIGHT)
            found = board(area, NIGHT)
            posts = Post.objects.filter(shift__site__area__path__startswith=area.path)
            assert found.total.need == sum(post.seats for post in posts) == 900
            assert found.total.taken == SignUp.objects.filter(post__in=posts).count()
            assert found.total.pledged == sum(post.pledged for post in posts)
            transaction.set_rollback(True)
        return [(line.name, line.tally, line.came, line.free) for line in found.lines]

    def test_the_same_seed_builds_the_same_city_and_the_board_counts_every_row(self, db):
        first = self.built(3)
        assert len(first) == 40
        assert self.built(3) == first
        assert self.built(4) != first

    def test_it_is_as_large_as_the_story_says_unless_one_asks_for_another(self):
        asked = load_city.Command().create_parser("manage.py", "load_city").parse_args([])
        assert (asked.organisations, asked.people, asked.communities, asked.seats) == (2300, 40_000, 2300, 100_000)

    def test_everybody_is_of_a_unit_at_home_where_they_are_lent_and_many_can_do_something(self, db):
        area = city.build(city.Size(organisations=7, people=300, communities=40, seats=900), 6, NIGHT)
        lent = Secondment.objects.filter(area__path__startswith=area.path, status="active")
        assert (lent.count(), lent.values("organisation").distinct().count()) == (300, 7)
        assert not lent.exclude(volunteer__residence__community=F("area")).exists()
        assert 150 < lent.filter(volunteer__held__isnull=False).values("volunteer").distinct().count() < 250

    def test_more_days_have_afternoons_and_nobody_serves_against_the_rules_of_rest(self, db):
        area = city.build(city.Size(organisations=7, people=200, communities=20, seats=600, days=3), 6, NIGHT)
        shifts = Shift.objects.filter(site__area__path__startswith=area.path)
        days = {start.astimezone(TAIYUAN).date() for start in shifts.values_list("starts_at", flat=True)}
        assert len(days) == 3
        assert shifts.values("starts_at").distinct().count() > 12
        served = defaultdict(list)
        for person, period in SignUp.objects.filter(shift__in=shifts).values_list("volunteer", "period"):
            served[person].append(Interval(period.lower, period.upper))
        assert max(len(blocks) for blocks in served.values()) == 3
        assert not [blocks for blocks in served.values() if breaches(blocks, TAIYUAN)]

    def test_loading_again_changes_nothing(self, db, settings, capsys):
        settings.DEMO = True
        how = {"organisations": 2, "people": 20, "communities": 3, "seats": 30, "seed": 5}
        call_command("load_city", **how)
        before = Post.objects.count()
        call_command("load_city", **how)
        assert Post.objects.count() == before
        assert "already there" in capsys.readouterr().out


class TestReport:
    def test_the_day_ends_at_eight(self):
        assert day_before(NIGHT, TAIYUAN) == (NIGHT.replace(day=2, hour=8), NIGHT.replace(hour=8))
        early = DAWN.replace(hour=7, minute=59)
        assert day_before(early, TAIYUAN)[1] == NIGHT.replace(hour=8)

    def served(self, area, number, kind="volunteer"):
        for person in [make.volunteer(community=area) for _person in range(number)]:
            ServiceRecord.objects.create(
                volunteer=person, sign_up=person.pk, community=area, kind=kind, what="x", where="x",
                started_at=NIGHT.replace(hour=5), ended_at=NIGHT.replace(hour=7), minutes=120,
            )  # fmt: skip

    def test_groups_under_ten_are_withheld_with_their_hours(self, scene):
        self.served(scene.short, 12)
        self.served(scene.full, 11, "seconded")
        self.served(scene.full, 3, "community_staff")
        found = situation(scene.district, NIGHT, TAIYUAN)
        assert found.served.people.groups == {"volunteer": 12, "seconded": None, "community_staff": None}
        assert found.served.minutes == {"volunteer": 1440, "seconded": None, "community_staff": None}
        assert found.served.people.total == 26
        assert {part.area.pk: part.served for part in found.parts} == {scene.short.pk: 12, scene.full.pk: 14}
        assert (found.seconded, found.lent, found.takeovers) == (0, 0, 0)
