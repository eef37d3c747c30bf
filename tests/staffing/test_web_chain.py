"""The chain list on the desk: paste, look, take in, answer; and the roster as a list again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from communities.models import User
from communities.states import RoleName
from staffing.models import ChainRow, SignUp
from staffing.rules import chain
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.desks import Desk, text

pytestmark = pytest.mark.django_db
LIST = "#接龙\n明早志愿者\n\n1. 张三 3号楼 12012345678 扫码\n2. 李四 +1\n3. 3-2-501\n4. 袁阿姨"


@pytest.fixture
def desk():
    return Desk(seats=10)


@pytest.fixture
def page(desk):
    return reverse("call_chain", args=[desk.call.pk])


def reader(desk, settings):
    client = desk.as_lead()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def names(desk):
    return sorted(
        SignUp.objects.alive().filter(shift__call_up=desk.call).values_list("volunteer__user__name", flat=True)
    )


def test_looking_at_a_list_shows_what_was_read_and_writes_nothing(desk, page, settings):
    make.volunteer(desk.home, user=User.objects.create_user(name="袁秀兰"))

    found = text(reader(desk, settings).post(page, {"text": LIST, "do": "read"}))

    for said in (
        "张三",
        "ends in 5678",
        "bldg 3",
        "李四 +1",
        "There is no name in this line.",
        "3 people can be entered",
        "Enter 3 people",
    ):
        assert said in found
    assert ChainRow.objects.count() == 0


def test_the_same_as_a_part_of_the_page(desk, page, settings):
    answer = reader(desk, settings).post(page, {"text": LIST}, headers={"HX-Request": "true"})

    assert "<html" not in text(answer)
    assert "Enter 4 people" in text(answer)


def test_taking_in_the_list_leads_back_to_it(desk, page, settings):
    client = reader(desk, settings)
    answer = client.post(page, {"text": LIST, "do": "commit"})

    assert (answer.status_code, answer.url) == (303, page)
    assert names(desk) == ["张三", "李四", "李四 +1", "袁阿姨"]
    found = text(client.get(page))
    assert "4 people entered; 1 line waits for you" in found
    assert "There is no name in this line." in found


def test_what_waits_is_answered_with_a_tap(desk, page):
    make.volunteer(desk.home, user=User.objects.create_user(name="袁秀兰"))
    client = desk.as_lead()
    client.post(page, {"text": LIST, "do": "commit"})
    nameless, auntie = ChainRow.objects.asking().order_by("line")
    assert "袁秀兰" in text(client.get(page))

    client.post(reverse("chain_row", args=[nameless.pk]), {"answer": "new", f"name_{nameless.pk}": "赵六"})
    person = User.objects.get(name="袁秀兰").volunteer
    client.post(reverse("chain_row", args=[auntie.pk]), {"answer": f"person-{person.pk}"})

    assert names(desk) == ["张三", "李四", "李四 +1", "袁秀兰", "赵六"]
    assert not ChainRow.objects.asking().exists()


def test_where_somebody_lives_is_answered_with_a_tap(desk, page, settings):
    places.zone("lockdown", since=desk.call.starts_at - timedelta(days=2), compound=desk.shift.site.compound)
    client = reader(desk, settings)
    client.post(page, {"text": "#接龙\n志愿者\n\n1. 张三 3号楼", "do": "commit"})
    row, home = ChainRow.objects.get(), desk.shift.site.compound
    assert f'value="home-{home.pk}"' in text(client.get(page))

    client.post(reverse("chain_row", args=[row.pk]), {"answer": f"home-{home.pk}"})
    assert "张三" in names(desk)
    assert SignUp.objects.get(volunteer__user__name="张三").volunteer.residence == home


def test_an_answer_that_cannot_be_read_changes_nothing(desk, page):
    client = desk.as_lead()
    client.post(page, {"text": LIST, "do": "commit"})
    (row,) = ChainRow.objects.asking()

    outsider = make.volunteer(community=places.area())
    for body in (
        {"answer": f"person-{outsider.pk}"},
        {},
        {"answer": "fly"},
        {"answer": "new"},
        {"answer": "person-"},
        {"answer": "person-999999"},
    ):
        assert client.post(reverse("chain_row", args=[row.pk]), body).status_code in (302, 303)

    assert ChainRow.objects.asking().count() == 1


def test_the_longer_list_is_a_difference_and_seats_go_back_only_when_ticked(desk, page, settings):
    client = reader(desk, settings)
    client.post(page, {"text": LIST, "do": "commit"})
    longer = LIST.replace("2. 李四 +1", "2. 李四 +1 来不了了") + "\n5. 王五"

    found = text(client.post(page, {"text": longer, "do": "read"}))
    assert "Pasted again: 1 new, 1 changed, 0 gone" in found
    assert "Taken back" in found
    client.post(page, {"text": longer, "do": "commit", "free": "yes"})

    assert names(desk) == ["张三", "王五", "袁阿姨"]


@pytest.mark.parametrize("said", ["大家好", "1. 张三\n" * 10_001])
def test_what_is_no_list_is_told_and_kept_in_the_field(desk, page, said):
    for do in ("read", "commit"):
        answer = desk.as_lead().post(page, {"text": said, "do": do})
        assert answer.status_code == 400
        assert said[:5] in text(answer)


def test_nothing_pasted_is_the_page_as_it_is(desk, page, settings):
    assert "Nothing has been taken in yet." in text(reader(desk, settings).post(page, {"text": " ", "do": "read"}))


def test_the_roster_comes_out_as_a_list_for_the_group_with_masked_phones(desk, page):
    client = desk.as_lead()
    client.post(page, {"text": LIST, "do": "commit"})

    address = reverse("chain_text", args=[desk.call.pk])
    body = client.get(address, headers={"accept-language": "zh-hans"}).content.decode()

    assert "12012345678" not in body
    assert "5678" in body
    assert [entry.name for entry in chain.parse(body).entries][:2] == ["张三", "李四"]
    assert "张三" in text(client.get(reverse("chain_roster", args=[desk.call.pk])))


def test_who_may_not_see_names_gets_no_roster(desk):
    client = places.client(desk.holder(RoleName.AUDITOR))

    assert client.get(reverse("chain_roster", args=[desk.call.pk])).status_code == 403
    assert client.get(reverse("chain_text", args=[desk.call.pk])).status_code == 403


def test_a_list_of_thirty_is_read_with_as_many_queries_as_one_of_three(desk, page, django_assert_max_num_queries):
    client = desk.as_lead()
    for lines in (3, 30):
        said = "\n".join(f"{n}. 王{chr(0x4E00 + n)} {n}号楼" for n in range(1, lines + 1))
        with django_assert_max_num_queries(45):
            assert client.post(page, {"text": said, "do": "read"}).status_code == 200
