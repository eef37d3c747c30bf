"""Where somebody lives, from the text of a staff list."""

import pytest
from django.db import connection

from communities import checks
from communities.actions import aliases
from communities.models import PlaceAlias
from communities.queries.residence import Matcher
from communities.rules.residence import Gazetteer, Guess, Home, How, building_of, place_of
from communities.states import Level
from tests.factories import communities as places
from tests.factories.staffing import NIGHT

CITY, XIAODIAN, YINGZE, LONGCHENG, XIANGZHANG, BINGSAN = 1, 2, 3, 4, 5, 6
AREAS = {
    CITY: ["太原市"],
    XIAODIAN: ["小店区"],
    YINGZE: ["迎泽区"],
    LONGCHENG: ["龙城街道"],
    XIANGZHANG: ["保利香樟社区"],
    BINGSAN: ["并三社区"],
}
THERE, YONDER = (CITY, XIAODIAN, LONGCHENG, XIANGZHANG), (CITY, YINGZE, BINGSAN)
HOMES = [
    Home(10, ("示范东苑小区", "East Court"), THERE),
    Home(11, ("示范西苑小区",), THERE),
    Home(12, ("丽景苑",), THERE, frozenset({"9"})),
    Home(13, ("丽景苑",), YONDER, frozenset({"3"})),
    Home(14, ("五号院",), YONDER),
]
CITYWIDE = Gazetteer(HOMES, AREAS, {"老钢厂院": 14})


@pytest.mark.parametrize(
    ("text", "compound", "confidence", "how"),
    [
        ("太原市小店区龙城街道示范东苑小区4号楼3单元502", 10, 100, How.NAME_AND_AREA),
        ("龙城街办 示范西苑小区 ３栋", 11, 100, How.NAME_AND_AREA),
        ("示范东苑小区", 10, 90, How.NAME),
        ("East Court, building 4, room 12", 10, 90, How.NAME),
        ("迎泽区丽景苑7号楼", 13, 100, How.NAME_AND_AREA),
        ("丽景苑9号楼", 12, 85, How.BUILDING),
        ("小店区示范东苑", 10, 85, How.STEM),
        ("老钢厂院12号楼", 14, 100, How.ALIAS),
        ("丽景苑", None, 50, How.SEVERAL),
        ("示范东苑", None, 65, How.STEM),
        ("迎泽区示范东苑小区", None, 40, How.AREA_DIFFERS),
        ("不知道", None, 0, How.NOTHING),
        ("", None, 0, How.NOTHING),
    ],
)
def test_a_text_means_a_compound_as_far_as_it_says(text, compound, confidence, how):
    found = CITYWIDE.guess(text)
    assert (found.compound, found.confidence, found.how) == (compound, confidence, how)


def test_who_has_to_be_asked_is_asked_about_the_likely_ones():
    assert CITYWIDE.guess("丽景苑").choices == (12, 13)
    assert CITYWIDE.guess("迎泽区示范东苑小区").choices == (10,)


def test_a_community_by_its_short_name_is_asked_about_and_never_sure():
    found = CITYWIDE.guess("保利香樟 的宿舍 3号楼")
    assert (found.compound, found.how) == (None, How.NOTHING)
    assert found.choices == (10, 11, 12)


def test_a_letter_that_ends_a_name_is_not_part_of_the_building():
    courts = Gazetteer([Home(20, ("示范小区A",), THERE), Home(21, ("示范小区B",), THERE)], AREAS)
    assert courts.guess("保利香樟社区示范小区A 12号楼2单元501").compound == 20
    assert courts.guess("示范小区 B 3-2-501").compound == 21
    assert courts.guess("示范小区A3号楼2单元501").compound == 20
    assert (place_of("示范小区A3号楼"), place_of("示范小区A座501")) == ("示范小区a", "示范小区")
    assert (building_of("示范小区A 12号楼"), building_of("示范小区A座")) == ("12", "a")
    assert CITYWIDE.guess("并三社区").choices == (13, 14)


def test_a_community_with_one_compound_is_enough():
    assert Gazetteer(HOMES[:1], AREAS).guess("保利香樟社区").compound == 10


def test_what_sounds_alike_is_never_sure():
    nothing = CITYWIDE.guess("小店区示犯东院")
    assert CITYWIDE.weighed(nothing, "小店区示犯东院", [(10, 1.0), (11, 0.3)]) == Guess(None, 75, How.NEAR, (10, 11))


def test_nothing_of_a_door_is_kept():
    assert place_of("示范东苑小区4号楼3单元502室") == "示范东苑小区"
    assert place_of("示范东苑小区 4-3-502") == "示范东苑小区"
    assert (building_of("5号院四号楼三单元"), building_of("龙城大街18号")) == ("四", "")


def test_a_decision_is_remembered_for_all_who_live_there(db):
    xiaodian = places.area(Level.DISTRICT, name="小店区")
    court = places.compound(places.area(parent=xiaodian), name="示范东苑小区")
    alike = Matcher().guesses(["示范冬苑小区3号楼"])["示范冬苑小区3号楼"]
    assert (alike.compound, alike.how, alike.choices) == (None, How.NEAR, (court.pk,))
    aliases.learn("示范冬苑小区3号楼", court.pk, by=places.user(), now=NIGHT)
    assert Matcher().guesses(["示范冬苑小区8号楼2单元"])["示范冬苑小区8号楼2单元"].compound == court.pk
    assert PlaceAlias.objects.get().text == "示范冬苑小区"


def test_a_database_that_is_blind_to_chinese_letters_is_told_of(db):
    assert checks.letters(["default"]) == []
    with connection.cursor() as cursor:
        cursor.execute("create schema blind")
        cursor.execute("create function blind.show_trgm(text) returns text[] return array[]::text[]")
        cursor.execute("set local search_path = blind, public")
    assert [one.id for one in checks.letters(["default"])] == ["communities.W001"]
