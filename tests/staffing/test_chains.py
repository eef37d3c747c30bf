"""A chain list taken into a call: who is recognised, what waits, and what a second paste changes."""

from datetime import timedelta

import pytest

from communities.errors import Invalid
from communities.models import User
from communities.states import ZoneLevel
from staffing.actions import chains, signups
from staffing.actions.chains import Answer
from staffing.models import ChainAlias, ChainRow, Post, SignUp
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import BLOCK, DAWN, NIGHT
from volunteers.models import Consent, Enrolment, Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return places.lead(places.area())


@pytest.fixture
def call(lead):
    return make.call(lead.grants.get().area)


@pytest.fixture
def post(call):
    return make.post(make.shift(places.site(call.community), call), seats=20)


def paste(call, lead, *lines, free=False, now=NIGHT):
    text = "\n".join(["#接龙", "明早志愿者", "", *lines])
    return chains.commit(call.pk, text, free=free, by=lead, now=now)


def foreseen(call, *lines):
    return chains.preview(call.pk, "\n".join(["#接龙", "明早志愿者", "", *lines]), now=NIGHT)


def kinds(found):
    return [(plan.entry.name, plan.kind, plan.match.how or plan.reason) for plan in found.plans]


def seats(call):
    return sorted(SignUp.objects.alive().filter(shift__call_up=call).values_list("volunteer__user__name", "status"))


def neighbour(call, name, phone=None, home=None):
    user = User.objects.create_user(name=name, phone=phone)
    return make.volunteer(home, community=call.community, user=user)


def next_day(call):
    start = DAWN + timedelta(days=1)
    later = make.call(call.community, starts_at=start, ends_at=start + BLOCK)
    make.post(make.shift(places.site(call.community), later, start=start), seats=5)
    return later


def row(name):
    (found,) = [one for one in ChainRow.objects.all() if one.document["name"] == name]
    return found


def test_each_line_gets_its_person_a_seat(call, lead, post):
    done = paste(call, lead, "1. 张三 3号楼 12012345678", "2. 李四 +1", "3. 王五")

    assert (done.entered, done.asking) == (4, 0)
    assert seats(call) == [
        ("张三", "confirmed"),
        ("李四", "confirmed"),
        ("李四 +1", "confirmed"),
        ("王五", "confirmed"),
    ]
    signup = SignUp.objects.get(volunteer__user__name="张三")
    assert (signup.channel, signup.entered_by, signup.volunteer.user.phone) == ("chain", lead, "+8612012345678")
    pair = SignUp.objects.filter(volunteer__user__name__startswith="李四").values_list("party", flat=True).distinct()
    assert len(pair) == 1


def test_their_own_line_is_their_consent(call, lead, post):
    paste(call, lead, "1. 张三")

    consent = Consent.objects.get(volunteer__user__name="张三")
    assert (consent.purpose, consent.channel, consent.recorded_by) == ("service", "chain", lead)
    assert Enrolment.objects.get(volunteer=consent.volunteer).community == call.community


def test_the_preview_writes_nothing(call, lead, post):
    before = User.objects.count()

    found = foreseen(call, "1. 张三", "2. 李四 2人", "3. 还缺人吗？")

    assert kinds(found) == [("张三", "new", "new"), ("李四", "new", "new"), (None, "ask", "only_question")]
    assert found.comers == 3
    assert (User.objects.count(), ChainRow.objects.count()) == (before, 0)


def test_the_preview_counts_a_seat_once_and_tells_who_would_wait(call, lead, post):
    Post.objects.filter(pk=post.pk).update(seats=2)

    found = foreseen(call, "1. 张三", "2. 李四 2人", "3. 王五")
    done = paste(call, lead, "1. 张三", "2. 李四 2人", "3. 王五")

    assert (found.comers, found.seated) == (4, 2)
    assert (done.entered, done.waiting) == (4, 2)


def test_people_are_known_by_phone_first(call, lead, post):
    known = neighbour(call, "张建国", "+8612012345678")
    neighbour(call, "老张")

    assert kinds(foreseen(call, "1. 老张 12012345678")) == [("老张", "matched", "phone")]
    paste(call, lead, "1. 老张 12012345678")
    assert SignUp.objects.get().volunteer == known
    assert known.user.name == "张建国"


def test_then_by_name_and_building(call, lead, post):
    neighbour(call, "张三")
    two = [neighbour(call, "李四"), neighbour(call, "李四")]

    found = foreseen(call, "1. 张三 3号楼", "2. 李四")

    assert kinds(found) == [("张三", "matched", "name"), ("李四", "ask", "several_people")]
    assert [known.volunteer for known in found.plans[1].match.choices] == [person.pk for person in two]


def test_a_compound_named_in_the_line_tells_namesakes_apart(call, lead, post):
    west = places.compound(call.community, name="香樟西苑")
    east = places.compound(call.community, name="香樟东苑")
    neighbour(call, "李四", home=west)
    wanted = neighbour(call, "李四", home=east)

    (plan,) = foreseen(call, "1. 李四 东苑 3号楼").plans

    assert (plan.match.how, plan.match.volunteer) == ("name", wanted.pk)


def test_a_building_from_an_earlier_list_tells_namesakes_apart(call, lead, post):
    paste(call, lead, "1. 李四 3号楼 12012345678")
    later = next_day(call)

    assert kinds(foreseen(later, "1. 李四 3号楼", "2. 李四 5号楼")) == [
        ("李四", "matched", "name"),
        ("李四", "new", "new"),
    ]


def test_an_answer_is_remembered_as_an_alias(call, lead, post):
    auntie = neighbour(call, "袁秀兰")
    neighbour(call, "袁玉芳")
    paste(call, lead, "1. 袁阿姨")
    assert (row("袁阿姨").state, row("袁阿姨").reason) == ("asking", "family_name")

    chains.answer(row("袁阿姨").pk, Answer("person", auntie.pk), by=lead, now=NIGHT)

    assert (row("袁阿姨").state, SignUp.objects.get().volunteer) == ("entered", auntie)
    assert ChainAlias.objects.get().name == "袁阿姨"
    later = next_day(call)
    assert kinds(foreseen(later, "1. 袁阿姨")) == [("袁阿姨", "matched", "alias")]


def test_a_stranger_to_the_community_is_not_recognised_by_name(call, lead, post):
    neighbour(make.call(places.area()), "张三")

    assert kinds(foreseen(call, "1. 张三")) == [("张三", "new", "new")]


def test_the_same_list_twice_changes_nothing(call, lead, post):
    lines = ["1. 张三 12012345678", "2. 李四 +1", "3. 王五 取消", "4. 还缺人吗？", "5. 张三", "6. 赵六"]
    paste(call, lead, *lines)
    before = seats(call), [(one.pk, one.state, one.changed_at) for one in ChainRow.objects.order_by("pk")]

    done = paste(call, lead, *lines)

    assert (done.same, done.entered, done.asking, done.back) == (6, 0, 0, 0)
    assert (seats(call), [(one.pk, one.state, one.changed_at) for one in ChainRow.objects.order_by("pk")]) == before


def test_a_longer_list_adds_only_what_is_new(call, lead, post):
    paste(call, lead, "1. 张三", "2. 李四")

    found = foreseen(call, "1. 新来的 12012345678", "2. 张三", "3. 李四 2人")
    assert (found.changes, found.comers) == ({"new": 1, "changed": 1, "gone": 0}, 2)
    done = paste(call, lead, "1. 新来的 12012345678", "2. 张三", "3. 李四 2人")

    assert (done.entered, done.changed, done.same) == (2, 1, 1)
    assert [name for name, _status in seats(call)] == ["张三", "新来的", "李四", "李四 +1"]
    assert [(one.line, one.document["name"]) for one in ChainRow.objects.order_by("line")] == [
        (1, "新来的"),
        (2, "张三"),
        (3, "李四"),
    ]


def test_who_takes_their_line_back_keeps_the_seat_until_the_lead_agrees(call, lead, post):
    paste(call, lead, "1. 张三", "2. 李四 2人", "3. 王五")
    changed = ["1. 张三 取消", "3. 王五"]
    assert [one.document["name"] for one in foreseen(call, *changed).freed] == ["张三", "李四"]

    paste(call, lead, *changed)
    assert len(seats(call)) == 4
    assert (row("张三").state, row("张三").reason, row("李四").state) == ("asking", "taken_back", "asking")

    for name in ("张三", "李四"):
        chains.answer(row(name).pk, Answer("back"), by=lead, now=NIGHT)
    assert [name for name, _status in seats(call)] == ["王五"]


def test_a_line_further_down_takes_back_the_one_above_it(call, lead, post):
    lines = ["1. 张三 3号楼", "2. 李四"]
    paste(call, lead, *lines)
    later = [*lines, "3. 张三 来不了了"]
    found = foreseen(call, *later)
    assert ([one.document["name"] for one in found.freed], found.changes["new"]) == (["张三"], 0)

    done = paste(call, lead, *later, free=True)
    assert (done.back, done.same, seats(call)) == (1, 1, [("李四", "confirmed")])
    again = paste(call, lead, *later)
    assert (again.same, again.entered, again.back, seats(call)) == (2, 0, 0, [("李四", "confirmed")])


def test_who_takes_back_by_the_list_what_they_took_themselves_is_told_to_the_lead(call, lead, post):
    signups.sign_up(post.pk, neighbour(call, "张三").pk, now=NIGHT)
    done = paste(call, lead, "1. 李四", "2. 张三 来不了了", free=True)
    assert (done.asking, done.back, row("张三").reason) == (1, 0, "own_sign_up")
    assert ("张三", "confirmed") in seats(call)


def test_with_the_leads_yes_the_seats_go_back_at_once(call, lead, post):
    paste(call, lead, "1. 张三", "2. 李四 2人", "3. 王五")

    done = paste(call, lead, "1. 张三 取消", "3. 王五", free=True)

    assert done.back == 2
    assert [name for name, _status in seats(call)] == ["王五"]
    assert (row("张三").state, row("李四").state, row("李四").gone) == ("taken_back", "taken_back", True)
    post.refresh_from_db()
    assert post.taken == 1


def test_who_comes_back_into_the_list_gets_a_seat_again(call, lead, post):
    paste(call, lead, "1. 张三", "2. 李四")
    paste(call, lead, "1. 张三 取消", free=True)
    assert seats(call) == []

    done = paste(call, lead, "1. 张三", "2. 李四")

    assert done.entered == 2
    assert [name for name, _status in seats(call)] == ["张三", "李四"]
    assert User.objects.filter(name="张三").count() == 1


def test_fewer_people_give_their_seats_back_when_the_lead_agrees(call, lead, post):
    paste(call, lead, "1. 张三 3人")
    paste(call, lead, "1. 张三 2人")
    assert (len(seats(call)), row("张三").reason) == (3, "fewer_people")

    paste(call, lead, "1. 张三", free=True)

    assert [name for name, _status in seats(call)] == ["张三"]


def test_another_wish_waits_for_the_lead(call, lead, post):
    paste(call, lead, "1. 张三 扫码")

    paste(call, lead, "1. 张三 秩序")

    assert (row("张三").state, row("张三").reason, len(seats(call))) == ("asking", "wish_changed", 1)
    chains.answer(row("张三").pk, Answer("keep"), by=lead, now=NIGHT)
    assert (row("张三").state, len(seats(call))) == ("entered", 1)


def test_a_phone_that_was_missing_is_added(call, lead, post):
    paste(call, lead, "1. 张三 3号楼")
    paste(call, lead, "1. 张三 3号楼 12012345678")

    (person,) = Volunteer.objects.filter(user__name="张三")
    assert person.user.phone == "+8612012345678"
    assert len(seats(call)) == 1


def test_the_line_of_somebody_who_signed_up_already_brings_no_second_seat(call, lead, post):
    known = neighbour(call, "张三", "+8612012345678")
    own = signups.sign_up(post.pk, known.pk, now=NIGHT)

    done = paste(call, lead, "1. 张三 12012345678", "2. 李四")

    assert done.entered == 1
    assert row("张三").sign_up == own
    paste(call, lead, "2. 李四", free=True)
    assert (row("张三").reason, len(seats(call))) == ("own_sign_up", 2)


def test_two_lines_of_one_person_are_one_seat(call, lead, post):
    neighbour(call, "沈安然", "+8612012345678")

    found = foreseen(call, "1. 沈安然 录入", "2. 李四", "3. 沈安然 12012345678")
    assert [plan.same_as for plan in found.plans] == [None, None, 1]
    paste(call, lead, "1. 沈安然 录入", "2. 李四", "3. 沈安然 12012345678")

    assert [name for name, _status in seats(call)] == ["李四", "沈安然"]


def test_roles_and_times_choose_the_post(call, lead):
    site = places.site(call.community)
    early, late = make.shift(site, call), make.shift(site, call, start=DAWN + timedelta(hours=8))
    clerk = make.post(early, 5)
    usher = make.post(early, 5, role=make.role("queue_marshal"))
    afternoon = make.post(late, 5, role=make.role("queue_marshal"))

    paste(call, lead, "1. 张三 扫码", "2. 李四 秩序 上午", "3. 王五 秩序 下午", "4. 赵六 夜班", "5. 孙七 13:00-17:00")

    where = dict(SignUp.objects.values_list("volunteer__user__name", "post_id"))
    assert where == {"张三": clerk.pk, "李四": usher.pk, "王五": afternoon.pk, "孙七": afternoon.pk}
    assert (row("赵六").state, row("赵六").reason) == ("asking", "no_such_time")


def test_a_role_that_the_call_does_not_have_means_place_me(call, lead, post):
    paste(call, lead, "1. 张三 巡逻")

    assert SignUp.objects.get().post == post


def test_when_all_seats_are_taken_people_wait_in_line(call, lead):
    make.post(make.shift(places.site(call.community), call), seats=1)

    done = paste(call, lead, "1. 张三", "2. 李四", "3. 王五")

    assert (done.entered, done.waiting) == (3, 2)
    assert [status for _name, status in seats(call)] == ["confirmed", "waitlisted", "waitlisted"]


def test_whom_the_rules_refuse_waits_with_the_reason_and_can_be_tried_again(call, lead, post):
    known = neighbour(call, "张三")
    elsewhere = signups.sign_up(make.post(make.shift(places.site(call.community))).pk, known.pk, now=NIGHT)

    done = paste(call, lead, "1. 张三", "2. 李四")
    assert (done.entered, done.asking, row("张三").reason) == (1, 1, "overlap")

    signups.withdraw(elsewhere.pk, now=NIGHT)
    chains.answer(row("张三").pk, Answer("again"), by=lead, now=NIGHT)
    assert (row("张三").state, len(seats(call))) == ("entered", 2)


def test_a_line_without_a_name_waits_for_one(call, lead, post):
    paste(call, lead, "1. 3-2-501", "2. 姜涛 替我妈报名")
    asking = ChainRow.objects.asking().order_by("line")
    assert [one.reason for one in asking] == ["no_name", "proxy_unnamed"]

    with pytest.raises(Invalid):
        chains.answer(asking[0].pk, Answer("new", name="\u202e"), by=lead, now=NIGHT)
    for one, name in zip(list(asking), ["张三", "姜妈妈"], strict=True):
        chains.answer(one.pk, Answer("new", name=name), by=lead, now=NIGHT)

    assert [name for name, _status in seats(call)] == ["姜妈妈", "张三"]


def test_a_line_put_aside_stays_aside(call, lead, post):
    paste(call, lead, "1. 还缺人吗？")
    (one,) = ChainRow.objects.all()

    chains.answer(one.pk, Answer("leave"), by=lead, now=NIGHT)
    chains.answer(one.pk, Answer("new", name="张三"), by=lead, now=NIGHT)
    done = paste(call, lead, "1. 还缺人吗？")

    one.refresh_from_db()
    assert (one.state, done.same, seats(call)) == ("aside", 1, [])


def test_who_gave_the_seat_back_alone_is_not_entered_again(call, lead, post):
    paste(call, lead, "1. 张三")
    signups.withdraw(SignUp.objects.get().pk, now=NIGHT)

    paste(call, lead, "1. 张三")
    assert seats(call) == []
    paste(call, lead, "1. 张三 3号楼")
    assert (row("张三").state, row("张三").reason) == ("asking", "gave_up")


def test_what_is_no_list_or_too_long_is_refused(call, lead, post):
    for text in ("大家好", "", "1. 张三\n" * 10_001, "1. " + "张" * 70_000):
        with pytest.raises(Invalid):
            chains.commit(call.pk, text, by=lead, now=NIGHT)
    assert ChainRow.objects.count() == 0


def test_what_people_wrote_is_encrypted_and_goes_with_the_call(call, lead, post):
    paste(call, lead, "1. 张三 3-2-501 12012345678")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select said from staffing_chainrow")
        (said,) = cursor.fetchone()
    assert "张三" not in said
    assert "12012345678" not in said
    SignUp.objects.all().delete()
    post.delete()
    call.shifts.all().delete()
    call.delete()
    assert ChainRow.objects.count() == 0


def test_an_unusable_number_is_no_phone(call, lead, post, settings):
    settings.DEMO = False
    paste(call, lead, "1. 张三 12012345678")

    assert Volunteer.objects.get(user__name="张三").user.phone is None


def test_the_name_of_a_place_in_front_is_nobodys(call, lead, post):
    west = places.compound(call.community, name="香樟西苑")
    places.compound(call.community, name="香樟东苑")

    paste(call, lead, "1. 西苑 5-1-302 沈安然", "2. 东苑 3号楼", "3. 沈安然 西苑 刚才没发出去")

    assert [name for name, _status in seats(call)] == ["沈安然", "沈安然"]
    assert Volunteer.objects.filter(residence=west).count() == 2
    assert ChainRow.objects.get(line=2).reason == "no_name"


def test_words_that_are_no_list_leave_the_list_that_is_there_alone(call, lead, post):
    paste(call, lead, "1. 张三 3-2-501")
    with pytest.raises(Invalid):
        chains.commit(call.pk, "大家好", free=True, by=lead, now=NIGHT)
    assert seats(call) == [("张三", "confirmed")]


def test_who_is_new_in_a_sealed_compound_lives_where_the_line_says(call, lead):
    east, _west = (places.compound(call.community, name=name) for name in ("东苑", "西苑"))
    places.zone(ZoneLevel.LOCKDOWN, since=NIGHT - timedelta(days=1), compound=east)
    make.post(make.shift(places.site(compound=east), call), seats=20)
    lines = "1. 东苑3号楼 张三", "2. 西苑3号楼 李四", "3. 3号楼 王五"
    found = [(plan.entry.name, plan.kind, plan.reason) for plan in foreseen(call, *lines).plans]
    assert found == [
        ("张三", "new", ""),
        ("李四", "ask", "zone_residents_only"),
        ("王五", "ask", "zone_residents_only"),
    ]
    assert paste(call, lead, *lines).entered == 1
    assert Volunteer.objects.get(user__name="张三").residence == east


def test_in_which_sealed_compound_somebody_lives_can_be_answered(call, lead):
    east, west = (places.compound(call.community, name=name) for name in ("东院", "西 院"))
    for home in (east, west):
        places.zone(ZoneLevel.LOCKDOWN, since=NIGHT - timedelta(days=1), compound=home)
        make.post(make.shift(places.site(call.community, compound=home), call), seats=2)
    known = neighbour(call, "钱一", "+8612000000007")
    paste(call, lead, "1. 张三 3号楼", "2. 李四 +1", "3. 钱一 12000000007")
    first, second, third = ChainRow.objects.order_by("line")
    assert {row.reason for row in (first, second, third)} == {"zone_residents_only"}

    for row, home in ((first, west), (second, east), (third, west)):
        chains.answer(row.pk, Answer("home", compound=home.pk), by=lead, now=NIGHT)
    stands = (
        SignUp.objects.alive().filter(shift__call_up=call).values_list("volunteer__user__name", "shift__site__compound")
    )
    assert sorted(stands) == sorted([("张三", west.pk), ("李四", east.pk), ("李四 +1", east.pk), ("钱一", west.pk)])
    known.refresh_from_db()
    assert known.residence == west
    assert paste(call, lead, "1. 张三 3号楼", "2. 李四 +1", "3. 钱一 12000000007").same == 3
    other = places.compound(places.area())
    waits = ChainRow.objects.create(chain=first.chain, state="asking", entered_by=lead, said=first.said, line=9)
    with pytest.raises(Invalid):
        chains.answer(waits.pk, Answer("home", compound=other.pk), by=lead, now=NIGHT)
