"""The call page and the sign-up form, as a neighbour meets them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.models import Building, User
from communities.states import ZoneLevel
from staffing.actions import calls as call_actions
from staffing.models import SignUp
from tests.communities.conftest import clean_redis, texts  # noqa: F401
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.staffing.phone import NAME, PHONE, TYPED, Scene, places_of, signed_in, tomorrow
from volunteers.models import Consent, Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("texts")]
EN = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def client():
    return Client(headers=EN)


def text(response):
    return " ".join(response.content.decode().split())


def proved(client, scene, texts, **changed):  # noqa: F811
    """The filled-in form, with the code that the phone got."""
    said = scene.said(client, **changed)
    assert client.post(scene.form, said | {"do": "code"}).status_code == 200
    return said | {"code": texts.code(PHONE)}


# The page


def test_the_gap_comes_first_then_when_where_and_how(client, scene):
    scene.take()
    page = text(client.get(scene.page))
    order = [
        "still needed",
        "05:30–12:00",
        "West Court",
        "Close contact",
        "Suit, mask",
        "Accident insurance",
        "Queue marshal",
        "Voluntary",
    ]
    assert sorted(order, key=page.index) == order
    assert '<span class="hit">3</span> still needed' in page
    assert "1 person has a seat" in page
    assert "3 needed" in page
    assert "2 needed" in page


def test_it_speaks_chinese(scene):
    page = text(Client(headers={"accept-language": "zh-CN"}).get(scene.page))
    assert '还差<span class="hit">4</span>人' in page
    assert "近距离接触居民" in page


def test_where_there_is_one_shift_people_are_counted(client, scene):
    scene.second.status = "cancelled"
    scene.second.save()
    scene.take()
    page = text(client.get(scene.page))
    assert '<span class="hit">3</span> still needed' in page
    assert "1 person has a seat" in page


def test_a_full_call_offers_the_waitlist_with_the_place_in_line(client, scene):
    scene.fill(scene.post, scene.other, scene.later)
    scene.take(scene.post)
    scene.take(scene.other)
    scene.take(scene.later)
    page = text(client.get(scene.page))
    assert "Join the waitlist (1 before you)" in page
    assert "Every seat is taken" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": "closed"}, "Sign-up is closed."),
        ({"sign_up_until": -timedelta(minutes=1)}, "Sign-up closed at"),
        ({"sign_up_from": timedelta(hours=1)}, "Sign-up opens"),
        ({"starts_at": -timedelta(days=2), "ends_at": -timedelta(days=1)}, "This is over."),
    ],
)
def test_a_call_that_takes_nobody_says_why_and_shows_others(client, scene, change, sentence):
    for name, value in change.items():
        setattr(scene.call, name, timezone.now() + value if isinstance(value, timedelta) else value)
    scene.call.save()
    other = Scene(title_en="Masks to hand out")
    page = text(client.get(scene.page))
    assert sentence in page
    assert f'href="{other.page}"' in page
    assert f'href="{scene.form}' not in page


def test_a_cancelled_call_says_so_and_what_replaces_it(client, scene):
    other = Scene()
    call_actions.cancel(scene.call.pk, by=places.user(), now=timezone.now(), reason="雷雨")
    page = text(client.get(scene.page))
    assert "This call was cancelled." in page
    assert "雷雨" in page
    assert f'href="{other.page}"' in page


@pytest.mark.parametrize("slug", ["draft", "nothing"])
def test_a_draft_and_nothing_are_the_same(client, slug):
    make.call(slug="draft", status="draft")
    assert client.get(f"/c/{slug}/").status_code == 404


def test_a_sealed_compound_says_who_may_come(client, scene):
    places.zone(ZoneLevel.LOCKDOWN, since=timezone.now() - timedelta(days=1), compound=scene.west)
    assert "Only for people who live in West Court." in text(client.get(scene.page))


def test_an_unchanged_page_and_unchanged_seats_are_not_sent_again(client, scene):
    for path in (scene.page, f"{scene.page}seats/"):
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
        scene.take()
        assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def test_the_fragment_carries_its_own_tag(client, scene):
    seats = client.get(f"{scene.page}seats/")
    assert seats.headers["ETag"].strip('"') in seats.content.decode()
    assert len(seats.content) < 2048


def test_whether_there_is_a_lift_is_said_before_somebody_signs_up_to_climb(client, scene):
    Building.objects.create(compound=scene.west, no="4", storeys=6, has_lift=False)
    Building.objects.create(compound=scene.west, no="5", storeys=18)
    assert "no lift" not in text(client.get(scene.page))
    scene.marshal.prefers.add(make.qualification("stairs"))
    scene.fresh()
    assert "no lift, up to 6 floors" in text(client.get(scene.page))


def test_who_signed_up_sees_another_page_than_before(scene):
    person = scene.neighbour()
    mine = signed_in(person)
    before = mine.get(scene.page).headers["ETag"]
    seat = scene.take(person=person)
    after = mine.get(scene.page, headers={"if-none-match": before})
    assert f"/s/{seat.pk}/" in after.content.decode()


@pytest.mark.parametrize("people", [1, 30])
def test_the_page_costs_at_most_eight_queries_however_many_come(people):
    scene = Scene(seats=people + 1)
    for _person in range(people):
        scene.take()
    mine = signed_in(scene.neighbour())
    scene.fresh()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        mine.get(scene.page)
    assert len(asked) == 8


def test_a_page_that_was_just_read_costs_a_stranger_no_query(client, scene, django_assert_num_queries):
    client.get(scene.page)
    with django_assert_num_queries(0):
        client.get(scene.page)


def test_the_qr_code_is_an_image_of_the_link(client, scene):
    code = client.get(f"{scene.page}qr.svg")
    assert (code.status_code, code.headers["Content-Type"]) == (200, "image/svg+xml")
    assert b"<svg" in code.content


# The form


def test_a_new_neighbour_gets_a_seat_with_name_phone_and_code(client, scene, texts):  # noqa: F811
    said = proved(client, scene, texts)
    answer = client.post(scene.form, said)
    seat = SignUp.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/s/{seat.pk}/")
    person = seat.volunteer
    assert (person.name, person.user.phone, person.user.phone_verified) == (NAME, PHONE, True)
    assert (person.residence, person.is_adult, person.user.language) == (scene.west, True, "en")
    assert list(Consent.objects.values_list("purpose", flat=True)) == ["service"]
    assert "Data-entry clerk" in text(client.get(answer.headers["Location"]))


def test_asking_for_the_code_keeps_what_was_typed_and_complains_of_nothing(client, scene):
    page = client.post(scene.form, scene.said(client, consent="") | {"do": "code"})
    shown = text(page)
    assert f'value="{NAME}"' in shown
    assert "129 0000 0062" in shown
    assert 'class="err"' not in shown
    assert 'data-wait="45"' in shown


def test_a_code_asked_for_too_soon_says_how_long_to_wait(client, scene):
    said = scene.said(client) | {"do": "code"}
    client.post(scene.form, said)
    page = client.post(scene.form, said)
    assert page.status_code == 429
    assert "A code was sent a moment ago" in text(page)


def test_what_is_missing_is_said_on_top_and_beside_and_nothing_is_lost(client, scene):
    page = client.post(scene.form, scene.said(client, home="", code="123456", consent=""))
    shown = text(page)
    assert page.status_code == 400
    assert 'href="#id_home_0"' in shown
    assert shown.count("Choose the compound you live in now.") == 2
    assert f'value="{NAME}"' in shown
    assert 'value="123456"' in shown
    assert "Error:" in page.content.decode().split("<title>")[1]


def test_a_wrong_code_is_kept_and_said_beside_it(client, scene, texts):  # noqa: F811
    said = proved(client, scene, texts)
    wrong = f"{(int(said['code']) + 1) % 10**6:06}"
    page = client.post(scene.form, said | {"code": wrong})
    assert page.status_code == 400
    assert f'value="{wrong}"' in text(page)
    assert page.context["form"].errors == {"code": ["The code is not right. Look at the newest message."]}
    assert not SignUp.objects.exists()


def test_consent_is_never_ticked_beforehand(client, scene):
    form = client.get(scene.form).context["form"]
    assert [bool(form[name].value()) for name in ("fit", "consent")] == [False, False]


def test_a_double_tap_gives_the_same_page_and_one_seat(client, scene, texts):  # noqa: F811
    said = proved(client, scene, texts, others="1", p1_name="郭示例", p1_agreed="on")
    first, again = client.post(scene.form, said), Client(headers=EN).post(scene.form, said)
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert places_of(scene.call) == [(NAME, "confirmed"), ("郭示例", "confirmed")]


def test_a_returning_neighbour_needs_one_tick_and_no_code(scene):
    person = scene.neighbour()
    make.consent(person)
    mine = signed_in(person)
    form = mine.get(scene.form).context["form"]
    assert sorted({"name", "phone", "code", "fit", "consent"} & set(form.fields)) == []
    assert form["home"].value() == str(scene.west.pk)
    mine.post(scene.form, scene.said(mine, ready="on"))
    assert places_of(scene.call) == [(person.name, "confirmed")]


def test_who_has_a_place_is_shown_it_and_never_gets_a_second(scene):
    person = scene.neighbour()
    seat = scene.take(person=person)
    mine = signed_in(person)
    assert mine.get(scene.form).headers["Location"] == f"/s/{seat.pk}/"
    assert mine.post(scene.form, scene.said(mine)).headers["Location"] == f"/s/{seat.pk}/"
    assert SignUp.objects.count() == 1


def test_a_name_is_never_written_over_that_of_an_account(client, scene, texts):  # noqa: F811
    places.user("原来的名字", PHONE)
    client.post(scene.form, proved(client, scene, texts))
    assert User.objects.by_phone(PHONE).name == "原来的名字"


def test_a_chosen_role_is_given_and_a_chosen_time(client, scene, texts):  # noqa: F811
    client.post(scene.form, proved(client, scene, texts, role="queue"))
    assert SignUp.objects.get().post == scene.other
    person = scene.neighbour()
    mine = signed_in(person)
    mine.post(scene.form, scene.said(mine, blocks=[scene.block(scene.second)]))
    assert SignUp.objects.get(volunteer=person).shift == scene.second


def test_two_times_give_two_seats_or_none(scene):
    person = scene.neighbour()
    mine = signed_in(person)
    both = [scene.block(), scene.block(scene.second)]
    page = mine.post(scene.form, scene.said(mine, blocks=both))
    assert page.status_code == 409
    assert "hours without a break" in text(page)
    assert not SignUp.objects.exists()


def test_others_are_entered_with_their_consent_and_can_have_a_phone(client, scene, texts):  # noqa: F811
    more = {"others": "2", "p1_name": "郭示例", "p1_phone": "129 0000 0063", "p1_agreed": "on"}
    more |= {"p2_name": "小演示", "p2_skills": ["typing"], "p2_agreed": "on"}
    client.post(scene.form, proved(client, scene, texts, **more))
    me = User.objects.by_phone(PHONE)
    guest = Volunteer.objects.get(user=User.objects.by_phone("+8612900000063"))
    assert places_of(scene.call) == [(NAME, "confirmed"), ("郭示例", "confirmed"), ("小演示", "confirmed")]
    assert (guest.user.phone_verified, guest.consents.get().recorded_by) == (False, me)
    assert set(SignUp.objects.exclude(volunteer__user=me).values_list("entered_by", flat=True)) == {me.pk}


def test_a_companion_who_has_not_agreed_is_not_entered(client, scene, texts):  # noqa: F811
    page = client.post(scene.form, proved(client, scene, texts, others="1", p1_name="郭示例"))
    assert page.context["form"].errors == {"p1_agreed": ["Ask the person first, then tick."]}


def test_a_number_that_is_known_already_stays_its_owners(client, scene, texts):  # noqa: F811
    owner = scene.neighbour()
    seat = scene.take(person=owner)
    more = {"others": "1", "p1_name": "郭示例", "p1_phone": owner.user.phone, "p1_agreed": "on"}
    answer = client.post(scene.form, proved(client, scene, texts, **more))
    assert answer.status_code == 303
    assert list(SignUp.objects.of(owner.pk)) == [seat]
    assert places_of(scene.call)[1:] == [(NAME, "confirmed"), ("郭示例", "confirmed")]


def test_a_neighbour_entered_by_a_neighbour_waits_for_approval_like_everybody(client, scene, texts):  # noqa: F811
    places.zone(ZoneLevel.LOCKDOWN, since=timezone.now() - timedelta(days=1), compound=scene.west)
    client.post(scene.form, proved(client, scene, texts, others="1", p1_name="郭示例", p1_agreed="on"))
    assert places_of(scene.call) == [(NAME, "signed_up"), ("郭示例", "signed_up")]


def test_one_more_person_is_one_more_set_of_fields(client, scene):
    page = client.post(scene.form, scene.said(client) | {"do": "add"})
    assert page.context["form"].people == 2
    assert "Sign up (2 people)" in text(page)
    assert 'class="err"' not in text(page)


def test_full_meanwhile_the_waitlist_is_the_new_button(client, scene, texts):  # noqa: F811
    said = proved(client, scene, texts, role="data_entry")
    scene.fill(scene.post)
    page = client.post(scene.form, said)
    assert page.status_code == 409
    assert 'name="waitlist"' in text(page)
    client.post(scene.form, said | {"waitlist": "1"})
    assert places_of(scene.call)[-1] == (NAME, "waitlisted")


def test_the_line_shown_is_that_of_what_was_asked_for(scene):
    scene.fill(scene.post)
    scene.take(scene.post)
    mine = signed_in(scene.neighbour())
    page = mine.post(scene.form, scene.said(mine, role="data_entry"))
    assert "Join the waitlist (1 before you)" in text(page)


def test_a_refusal_says_why_and_what_would_work(scene):
    person = scene.neighbour()
    mine = signed_in(person)
    busy = make.post(make.shift(start=tomorrow(5, 30), length=timedelta(hours=2)))
    scene.take(busy, person)
    page = mine.post(scene.form, scene.said(mine))
    shown = text(page)
    assert page.status_code == 409
    assert "You already have a shift at that time." in shown
    assert f"block={scene.block(scene.second)}" in shown


def test_a_missing_qualification_is_called_by_its_name(scene):
    scene.entry.requires.add(make.qualification("licence", name="驾照", name_en="Driving licence", self_declared=False))
    mine = signed_in(scene.neighbour())
    page = mine.post(scene.form, scene.said(mine, role="data_entry"))
    assert "Driving licence" in text(page)


def test_somebody_from_outside_learns_that_the_compound_is_sealed(client, scene, texts):  # noqa: F811
    places.zone(ZoneLevel.LOCKDOWN, since=timezone.now() - timedelta(days=1), compound=scene.west)
    page = client.post(scene.form, proved(client, scene, texts, home=str(scene.east.pk)))
    assert "The compound is sealed: only people who live in it can serve there." in text(page)


def test_a_field_that_no_person_sees_ends_it_without_a_word(client, scene):
    page = client.post(scene.form, scene.said(client, website="http://spam.example.org"))
    assert (page.status_code, page.headers["Location"]) == (302, scene.page)


@pytest.mark.parametrize("others", ["-1", "99", "x", "", "９"])
def test_odd_numbers_of_companions_do_no_harm(client, scene, others):
    assert client.post(scene.form, scene.said(client, others=others)).status_code == 400


def test_a_known_and_an_unknown_phone_get_the_same_answers(scene):
    owner = scene.neighbour()
    pages = []
    for phone in (owner.user.phone, "+8612777777777"):
        stranger = Client(headers=EN)
        said = scene.said(stranger, phone=phone, code="000000")
        page = stranger.post(scene.form, said)
        pages.append((page.status_code, page.context["form"].errors))
    assert pages[0] == pages[1]


def test_closed_meanwhile_leads_back_to_the_page_that_says_so(client, scene):
    said = scene.said(client)
    call_actions.close(scene.call.pk, by=places.user(), now=timezone.now())
    scene.fresh()
    assert client.post(scene.form, said).headers["Location"] == scene.page


def test_a_phone_in_any_spelling_is_the_same_person(client, scene, texts):  # noqa: F811
    said = proved(client, scene, texts, phone="+86" + TYPED)
    client.post(scene.form, said)
    assert User.objects.by_phone(PHONE).volunteer.name == NAME
