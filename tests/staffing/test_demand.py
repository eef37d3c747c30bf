"""Posts from residents and a deadline: the worked example and the sensitivity table of the design, to the number."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staffing.rules.demand import Demand, Override, Place, Window, compute
from staffing.rules.norms import Check, Norm, PostNorm, Range, errors, read, written
from staffing.states import Basis, Crewing

DAWN = datetime(2022, 4, 4, 5, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PER_COMPOUND = {"site_lead": 1, "gate_check": 2, "supply_runner": 2, "disinfection": 1, "specimen_handover": 1}
STORY = Norm(
    rules=(
        PostNorm("data_entry", Basis.LANE),
        PostNorm("queue_marshal", Basis.LANE),
        PostNorm("sampler", Basis.LANE, counts=False, kinds=("medical",)),
        *(PostNorm(role, Basis.COMPOUND, quantity) for role, quantity in PER_COMPOUND.items()),
        PostNorm("door_knocker", Basis.HOUSEHOLD, per=60, range=Range(Fraction(24), Fraction(100))),
    ),
    checks=(
        Check("points", Fraction(2000), Fraction(3000)),
        Check("lanes", Fraction(600), Fraction(800)),
        Check("sampler", Fraction(360), Fraction(360)),
    ),
)
EAST, WEST = Place(1, 4300, 1850), Place(2, 3700, 1592)


def window(hours: float | Fraction = Fraction(13, 2)) -> Window:
    return Window(DAWN, DAWN + timedelta(microseconds=int(Fraction(hours) * 3_600_000_000)))


def story(**how) -> Demand:
    return compute(
        how.pop("norm", STORY), how.pop("places", [EAST, WEST]), how.pop("window", window()), **{"available": 22} | how
    )


class TestTheWorkedExample:
    def test_seventeen_points_and_seventeen_clerks(self):
        demand = story()
        assert [place.lanes for place in demand.places] == [9, 8]
        assert (demand.lanes, demand.points, demand.of("data_entry")) == (17, 17, 17)

    def test_106_posts_of_which_84_are_to_be_found(self):
        demand = story()
        assert (demand.posts, demand.outside, demand.available, demand.gap) == (106, 17, 22, 84)
        assert [demand.at(1), demand.at(2)] == [56, 50]
        assert [demand.at(place, basis=Basis.HOUSEHOLD) for place in (1, 2)] == [31, 27]
        assert [demand.at(place, basis=Basis.COMPOUND) for place in (1, 2)] == [7, 7]

    def test_two_blocks_212_seats_689_hours_and_a_standby_of_six(self):
        demand = story()
        edges = [(block.start.astimezone(DAWN.tzinfo), block.end.astimezone(DAWN.tzinfo)) for block in demand.blocks]
        change, noon = DAWN + timedelta(hours=3, minutes=15), DAWN + timedelta(hours=6, minutes=30)
        assert edges == [(DAWN, change), (change, noon)]
        assert (demand.seats, demand.person_hours, demand.standby, demand.headcount) == (212, 689, 6, 106)

    def test_the_three_ways_to_staff_it(self):
        ways = {way.crewing: (way.people, way.gap, way.relief, way.needs_override) for way in story().options}
        assert ways == {
            Crewing.SAME_CREW: (106, 84, 0, True),
            Crewing.STAGGERED: (115, 93, 9, False),
            Crewing.TWO_CREWS: (212, 190, 0, False),
        }

    def test_volunteers_carry_more_than_half(self):
        demand = story()
        assert (demand.share, demand.share_of_all) == (Fraction(84, 106), Fraction(84, 123))
        assert (round(demand.share * 100), round(demand.share_of_all * 100)) == (79, 68)

    def test_the_guide_says_3_to_4_points_10_to_14_tables_and_23_samplers(self):
        found = {
            w.facts["what"]: (w.facts["value"], w.facts["low"], w.facts["high"])
            for w in story().warnings
            if w.code == "guide_differs"
        }
        assert found == {"points": (17, 3, 4), "lanes": (17, 10, 14), "sampler": (17, 23, 23)}

    @pytest.mark.parametrize("rate", range(73, 80))
    def test_any_whole_rate_from_73_to_79_gives_17_points(self, rate):
        assert story(norm=replace(STORY, lane_rate=Fraction(rate))).lanes == 17

    @pytest.mark.parametrize("rate", [72, 80])
    def test_and_no_other(self, rate):
        assert story(norm=replace(STORY, lane_rate=Fraction(rate))).lanes != 17

    @pytest.mark.parametrize("per", [55, 60, 65])
    def test_55_to_65_households_a_caller_keep_the_gap_in_the_eighties(self, per):
        rules = tuple(replace(rule, per=per) if rule.role == "door_knocker" else rule for rule in STORY.rules)
        assert 80 <= story(norm=replace(STORY, rules=rules)).gap <= 89


class TestSensitivity:
    @pytest.mark.parametrize(("rate", "expected"), [(60, 21), (70, 18), (75, 17), (80, 16), (95, 13), (100, 13)])
    def test_lanes_by_rate(self, rate, expected):
        assert story(norm=replace(STORY, lane_rate=Fraction(rate))).lanes == expected

    @pytest.mark.parametrize(("hours", "expected"), [(4, 28), (5, 22), (6, 19), (6.5, 17), (8, 15), (12, 10), (24, 6)])
    def test_lanes_by_window(self, hours, expected):
        assert story(window=window(hours)).lanes == expected

    def test_one_compound_of_8000(self):
        demand = story(places=[Place(1, 8000)])
        assert (demand.lanes, demand.posts) == (17, 99)

    def test_two_halves_need_a_lane_more(self):
        assert story(places=[Place(1, 4000), Place(2, 4000)]).lanes == 18

    def test_hongsi(self):
        demand = story(places=[Place(1, 2000)])
        assert (demand.lanes, demand.posts) == (5, 32)


class TestOverrides:
    def test_what_follows_from_a_number_follows_from_the_one_put_in_its_place(self):
        demand = story(overrides=[Override("lanes.1", 10, "东门窄，分两列")])
        step = demand.steps["lanes.1"]
        assert (step.value, step.computed, step.reason, step.overridden) == (10, 9, "东门窄，分两列", True)
        assert (demand.lanes, demand.posts, demand.gap) == (18, 108, 86)

    def test_every_number_but_the_sums_is_open(self):
        closed = {key for key, step in story().steps.items() if not step.open}
        assert closed == {"lanes", "points", "posts", "outside", "seats", "person_hours", "share", "share_of_all"}

    def test_an_override_of_something_that_is_not_there_is_told(self):
        found = [
            w.facts["key"]
            for w in story(overrides=[Override("lanes.9", 1, "x"), Override("posts", 1, "x")]).warnings
            if w.code == "override_unused"
        ]
        assert found == ["lanes.9", "posts"]

    def test_other_blocks(self):
        demand = story(overrides=[Override("blocks", 3, "天热")])
        assert (len(demand.blocks), demand.seats, demand.person_hours) == (3, 318, 689)


class TestWarnings:
    def test_a_number_outside_its_range(self):
        rules = tuple(replace(rule, per=120) if rule.role == "door_knocker" else rule for rule in STORY.rules)
        norm = replace(STORY, rules=rules, ranges={"lane_rate": Range(Fraction(80), None)})
        found = [w.facts["name"] for w in story(norm=norm).warnings if w.code == "outside_range"]
        assert found == ["lane_rate", "door_knocker"]

    def test_households_that_nobody_counted(self):
        found = [w.facts for w in story(places=[Place(1, 8000)]).warnings if w.code == "households_estimated"]
        assert found == [{"place": 1, "households": 3441}]

    def test_a_window_longer_than_a_block(self):
        assert "longer_than_block" in {w.code for w in story().warnings}
        assert "longer_than_block" not in {w.code for w in story(window=window(4)).warnings}


class TestBlocks:
    def test_a_short_window_needs_nobody_twice(self):
        demand = story(window=window(4))
        ways = {(way.people, way.needs_override) for way in demand.options}
        assert (demand.seats, demand.relief, ways) == (demand.posts, 0, {(demand.posts, False)})

    def test_a_day_takes_more_people_than_posts(self):
        demand = story(window=window(24))
        assert (demand.posts, demand.headcount, len(demand.blocks)) == (84, 252, 6)

    def test_a_role_with_a_longer_block_of_its_own(self):
        norm = Norm(
            lane_rate=None,
            rules=(PostNorm("patrol", Basis.COMPOUND, 2, block=Fraction(8)), PostNorm("gate_check", Basis.COMPOUND, 2)),
        )
        demand = compute(norm, [Place(1, 100)], window())
        assert [(need.rule.role, need.seats) for need in demand.needs] == [("patrol", 2), ("gate_check", 4)]
        assert (demand.lanes, demand.points, demand.person_hours) == (0, 0, 26)

    def test_the_clocks_that_go_forward_take_their_hour_away(self):
        berlin = ZoneInfo("Europe/Berlin")
        night = Window(datetime(2026, 3, 29, 0, tzinfo=berlin), datetime(2026, 3, 29, 6, tzinfo=berlin))
        assert night.hours == 5
        assert [block.hours for block in night.cut(2)] == [Fraction(5, 2)] * 2
        assert night.cut(2)[0].start == datetime(2026, 3, 28, 23, tzinfo=UTC)


def test_a_norm_reads_as_it_was_written():
    norm = replace(STORY, lane_rate=Fraction(8234, 100), ranges={"lane_rate": Range(Fraction(60), Fraction(120), "x")})
    assert read(written(norm)) == norm


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lane_rate", 0),
        ("home_share", 1),
        ("block_hours", 0),
        ("break_hours", 4),
        ("standby_share", 2),
        ("lanes_per_point", 0),
        ("household_size", 0),
    ],
)
def test_a_norm_that_cannot_be_reckoned_with_says_where(field, value):
    assert field in errors(replace(STORY, **{field: Fraction(value)}))
    assert errors(STORY) == {}


RATES = st.fractions(min_value=1, max_value=500, max_denominator=20)
CROWDS = st.lists(st.integers(0, 20_000), min_size=1, max_size=5)
MINUTES = st.integers(1, 24 * 60)


def crowd(numbers: list[int]) -> list[Place]:
    return [Place(key, residents) for key, residents in enumerate(numbers)]


@given(CROWDS, st.integers(0, 4), st.integers(0, 5000), MINUTES, RATES)
def test_more_residents_never_need_fewer_lanes_or_posts(numbers, which, more, minutes, rate):
    norm, when = replace(STORY, lane_rate=rate), window(Fraction(minutes, 60))
    grown = [number + more if index == which else number for index, number in enumerate(numbers)]
    before, after = compute(norm, crowd(numbers), when), compute(norm, crowd(grown), when)
    assert (after.lanes, after.posts) >= (before.lanes, before.posts)
    assert after.posts >= before.posts


@given(CROWDS, MINUTES, st.integers(0, 600), RATES)
def test_a_longer_window_never_needs_more_lanes(numbers, minutes, more, rate):
    norm = replace(STORY, lane_rate=rate)
    short, long = (compute(norm, crowd(numbers), window(Fraction(m, 60))) for m in (minutes, minutes + more))
    assert long.lanes <= short.lanes
    assert long.posts <= short.posts


@given(CROWDS, MINUTES, st.integers(0, 500))
def test_blocks_fill_the_window_and_none_is_too_long(numbers, minutes, available):
    demand = compute(STORY, crowd(numbers), window(Fraction(minutes, 60)), available)
    edges = [demand.blocks[0].start, *(block.end for block in demand.blocks)]
    assert edges[0] == demand.window.start
    assert edges[-1] == demand.window.end
    assert [block.start for block in demand.blocks] == edges[:-1]
    assert max(block.hours for block in demand.blocks) <= STORY.block_hours
    assert [way.people for way in demand.options] == sorted(way.people for way in demand.options)
