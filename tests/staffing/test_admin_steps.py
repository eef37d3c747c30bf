"""What happens in the admin site goes through the actions: it is done as everywhere else, or refused and undone."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.utils import timezone

from communities.models import Message
from communities.states import Level, RoleName
from staffing.actions import attendance
from staffing.actions.signups import sign_up
from staffing.models import Asking, CallUp, Pledge, Post, Proposal, Shift, SignUp
from staffing.states import ShiftStatus, SignUpStatus
from tests.factories import communities as places
from tests.factories import staffing as make
from tests.factories.staffing import NIGHT

pytestmark = pytest.mark.django_db
NO_FORMS = {"posts-TOTAL_FORMS": "0", "posts-INITIAL_FORMS": "0"}


@pytest.fixture
def here():
    return places.area(parent=places.area(Level.DISTRICT))


@pytest.fixture
def client(here):
    return browser(here)


def browser(area, role=RoleName.COMMUNITY_LEAD):
    return places.client(places.grant(role, area, places.user(is_staff=True)).user)


@pytest.fixture
def tomorrow():
    return timezone.now().replace(microsecond=0) + timedelta(days=1)


@pytest.fixture
def shift(here, tomorrow):
    return make.shift(
        places.site(here), make.call(here, starts_at=tomorrow, ends_at=tomorrow + timedelta(days=1)), start=tomorrow
    )


def step(client, row, name, **said):
    return client.post(f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/step/{name}/", said, follow=True)


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def halves(name, moment):
    local = timezone.localtime(moment)
    return {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M:%S}"}


def test_a_shift_is_written_as_a_draft(client, here, tomorrow):
    site = places.site(here)
    said = {"site": site.pk, **halves("starts_at", tomorrow), **halves("ends_at", tomorrow + timedelta(hours=3))}

    answer = client.post("/admin/staffing/shift/add/", said | {"briefing": "洗手"} | NO_FORMS)

    made = Shift.objects.get()
    assert answer.status_code == 302
    assert (made.status, made.site, made.starts_at, made.briefing) == ("draft", site, tomorrow, "洗手")


def test_a_shift_with_its_posts_in_one_go(client, here, tomorrow):
    said = {"site": places.site(here).pk, **halves("starts_at", tomorrow)} | halves(
        "ends_at", tomorrow + timedelta(hours=3)
    )
    row = {"posts-0-role": make.role("guide").pk, "posts-0-seats": "4", "posts-0-auto_confirm": "on"}

    client.post("/admin/staffing/shift/add/", said | row | {"posts-TOTAL_FORMS": "1", "posts-INITIAL_FORMS": "0"})

    assert list(Post.objects.values_list("role__slug", "seats", "auto_confirm")) == [("guide", 4, True)]


def test_what_the_action_refuses_comes_back_as_the_form_and_writes_nothing(client, here, tomorrow):
    said = {"site": places.site(here).pk, **halves("starts_at", tomorrow)} | halves(
        "ends_at", tomorrow + timedelta(hours=30)
    )

    answer = client.post("/admin/staffing/shift/add/?lang=en", said | NO_FORMS)

    assert answer.status_code == 200
    assert "A shift is at most 24 hours long." in answer.content.decode()
    assert not Shift.objects.exists()


def test_a_shift_at_a_foreign_site_cannot_be_written(client, tomorrow):
    said = {"site": places.site().pk, **halves("starts_at", tomorrow)} | halves(
        "ends_at", tomorrow + timedelta(hours=3)
    )

    assert client.post("/admin/staffing/shift/add/", said | NO_FORMS).status_code == 200
    assert not Shift.objects.exists()


def test_a_state_that_is_typed_in_is_not_read(client, shift):
    said = {"briefing": "新的", "status": "finished", "version": "99", "starts_at_0": "2030-01-01"} | NO_FORMS
    before = shift.starts_at

    client.post(f"/admin/staffing/shift/{shift.pk}/change/", said)

    shift.refresh_from_db()
    assert (shift.briefing, shift.status, shift.version, shift.starts_at) == ("新的", "open", 1, before)


def test_fewer_seats_than_people_are_refused_with_who_is_affected(client, shift):
    post = make.post(shift, seats=2)
    people = [make.volunteer(), make.volunteer()]
    for person in people:
        sign_up(post.pk, person.pk, now=timezone.now())

    answer = client.post(
        f"/admin/staffing/post/{post.pk}/change/",
        {"seats": "1", "person_kinds": [], "sign_ups-TOTAL_FORMS": "0", "sign_ups-INITIAL_FORMS": "0"},
    )

    post.refresh_from_db()
    assert answer.status_code == 200
    assert people[0].name in answer.content.decode()
    assert post.seats == 2


def test_more_seats_go_to_those_in_line(client, shift):
    post = make.post(shift, seats=1)
    for _person in range(2):
        sign_up(post.pk, make.volunteer().pk, now=timezone.now())

    client.post(
        f"/admin/staffing/post/{post.pk}/change/",
        {"seats": "2", "sign_ups-TOTAL_FORMS": "0", "sign_ups-INITIAL_FORMS": "0"},
    )

    assert sorted(SignUp.objects.values_list("status", flat=True)) == ["confirmed", "invited"]


def test_a_post_that_somebody_signed_up_to_cannot_be_deleted_and_says_why(client, shift):
    post = make.post(shift)
    sign_up(post.pk, make.volunteer().pk, now=timezone.now())

    page = client.get(f"/admin/staffing/post/{post.pk}/delete/")
    client.post(f"/admin/staffing/post/{post.pk}/delete/", {"post": "yes"})

    assert page.context["protected"] != []
    assert Post.objects.filter(pk=post.pk).exists()


def test_an_empty_post_can_be_deleted(client, shift):
    post = make.post(shift)

    client.post(f"/admin/staffing/post/{post.pk}/delete/", {"post": "yes"})

    assert not Post.objects.filter(pk=post.pk).exists()


def test_a_shift_that_is_not_ready_is_not_published(client, here, tomorrow):
    draft = make.shift(places.site(here), start=tomorrow, status=ShiftStatus.DRAFT)

    answer = step(client, draft, "publish")

    draft.refresh_from_db()
    assert draft.status == "draft"
    assert told(answer) != []


def test_publishing_closing_and_opening_again(client, shift):
    make.post(shift)
    Shift.objects.update(status=ShiftStatus.DRAFT)
    states = []
    for name in ("publish", "close", "reopen"):
        step(client, shift, name)
        states.append(Shift.objects.get().status)

    assert states == ["open", "closed", "open"]


def test_opening_a_step_changes_nothing_before_it_is_sent(client, shift):
    answer = client.get(f"/admin/staffing/shift/{shift.pk}/step/close/")

    assert answer.status_code == 200
    assert Shift.objects.get().status == "open"


def test_cancelling_says_first_how_many_people_are_told(client, shift):
    post = make.post(shift, seats=2)
    for _person in range(3):
        sign_up(post.pk, make.volunteer().pk, now=timezone.now())

    page = client.get(f"/admin/staffing/shift/{shift.pk}/step/cancel/?lang=en")
    no_reason = step(client, shift, "cancel", reason="")
    still = Shift.objects.get().status
    step(client, shift, "cancel", reason="下雨")

    assert page.context["effects"] == ["3 people are told once that it is cancelled."]
    assert no_reason.status_code == 200
    assert still == "open"
    assert (Shift.objects.get().status, Shift.objects.get().cancel_reason) == ("cancelled", "下雨")
    assert Message.objects.filter(kind="cancelled").count() == 3


def test_a_move_is_shown_before_it_is_made(client, shift):
    post = make.post(shift)
    sign_up(post.pk, make.volunteer().pk, now=timezone.now())
    later = shift.starts_at + timedelta(hours=2)
    said = {"site": shift.site_id} | halves("starts_at", later) | halves("ends_at", later + timedelta(hours=3))

    page = client.post(f"/admin/staffing/shift/{shift.pk}/step/move/?lang=en", said)
    between = Shift.objects.get().starts_at
    step(client, shift, "move", seen="1", **said)

    assert page.context["effects"] == ["1 person is asked again."]
    assert between == shift.starts_at
    assert Shift.objects.get().starts_at == later
    assert SignUp.objects.get().status == "invited"


def test_a_move_to_another_place_says_from_where_to_where(client, here, shift):
    post, near, far = make.post(shift), places.site(here), places.site()
    sign_up(post.pk, make.volunteer().pk, now=timezone.now())
    same = halves("starts_at", shift.starts_at) | halves("ends_at", shift.ends_at)

    page = client.post(f"/admin/staffing/shift/{shift.pk}/step/move/?lang=en", same | {"site": near.pk})
    between = Shift.objects.get().site
    elsewhere = step(client, shift, "move", seen="1", **same | {"site": far.pk})
    still = Shift.objects.get().site
    step(client, shift, "move", seen="1", **same | {"site": near.pk})

    assert page.context["effects"] == [f"From {shift.site} to {near}.", "1 person is asked again."]
    assert (between, elsewhere.status_code, still) == (shift.site, 200, shift.site)
    assert Shift.objects.get().site == near
    assert SignUp.objects.get().status == "invited"


def test_hours_proposed_here_count_when_a_second_lead_agrees(client, here, shift):
    post = make.post(shift)
    signup = sign_up(post.pk, make.volunteer().pk, now=timezone.now())
    SignUp.objects.update(status="no_show", seat_no=None)
    said = halves("started_at", shift.starts_at) | halves("ended_at", shift.starts_at + timedelta(hours=2))

    step(client, signup, "correct", **said)
    word = Proposal.objects.get()
    step(client, word, "agree")
    alone = SignUp.objects.get().status
    step(places.client(places.grant(area=here, user_=places.user(is_staff=True)).user), word, "agree")

    assert (alone, SignUp.objects.get().status) == ("no_show", "completed")


def test_a_call_is_sent_again_to_the_silent(client, here):
    now = timezone.now()
    call = make.call(here, starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=2))
    person = make.volunteer(community=here)
    step(client, call, "call")
    Message.objects.update(status="sent")
    Asking.objects.update(asked_at=now - timedelta(hours=2))

    page = client.get(f"/admin/staffing/callup/{call.pk}/step/again/?lang=en")
    step(client, call, "again")

    assert page.context["effects"] == [f"{call}: 1 person has not answered and is asked once more."]
    assert Message.objects.filter(kind="call_up", reader=person.user).count() == 2


def test_many_at_once_each_for_itself(client, here, shift, tomorrow):
    make.post(shift)
    ended = make.shift(places.site(here), start=tomorrow, status=ShiftStatus.FINISHED)

    answer = client.post(
        "/admin/staffing/shift/", {"action": "close", "_selected_action": [shift.pk, ended.pk]}, follow=True
    )

    assert sorted(Shift.objects.values_list("status", flat=True)) == ["closed", "finished"]
    assert len(told(answer)) == 2


def test_cancelling_many_asks_first_and_then_does(client, shift):
    chosen = {"action": "cancel", "_selected_action": [shift.pk]}

    page = client.post("/admin/staffing/shift/", chosen)
    between = Shift.objects.get().status
    client.post("/admin/staffing/shift/", chosen | {"sure": "1", "reason": "下雨"})

    assert page.context["step"].name == "cancel"
    assert between == "open"
    assert Shift.objects.get().status == "cancelled"


def test_a_step_on_a_foreign_row_does_not_exist(client):
    foreign = make.shift()

    assert step(client, foreign, "close").status_code == 404
    client.post("/admin/staffing/shift/", {"action": "close", "_selected_action": [foreign.pk]})
    assert Shift.objects.get().status == "open"


def test_who_may_only_see_has_no_steps(here, shift):
    watcher = browser(here, RoleName.AUDITOR)

    assert step(watcher, shift, "close").status_code == 404
    watcher.post("/admin/staffing/shift/", {"action": "close", "_selected_action": [shift.pk]})
    assert Shift.objects.get().status == "open"


def test_rows_seen_by_one_role_are_not_run_by_another(here, shift):
    """A lead here who only watches next door has the buttons, but not for next door."""
    user = places.grant(RoleName.COMMUNITY_LEAD, here, places.user(is_staff=True)).user
    next_door = places.area(parent=here.parent)
    places.grant(RoleName.AUDITOR, next_door, user)
    other = make.shift(places.site(next_door))
    client = places.client(user)

    client.post("/admin/staffing/shift/", {"action": "close", "_selected_action": [shift.pk, other.pk]})

    assert Shift.objects.get(pk=shift.pk).status == "closed"
    assert Shift.objects.get(pk=other.pk).status == "open"
    assert client.get(f"/admin/staffing/shift/{other.pk}/change/").context["has_change_permission"] is False


def test_sign_ups_are_entered_through_the_rules(client, shift, here):
    post = make.post(shift, seats=1)
    minor = make.volunteer(community=here, is_adult=False)
    adult = make.volunteer(community=here)

    refused = client.post(
        "/admin/staffing/signup/add/?lang=en", {"post": post.pk, "volunteer": minor.pk, "way": "sign_up"}
    )
    taken = client.post("/admin/staffing/signup/add/", {"post": post.pk, "volunteer": adult.pk, "way": "sign_up"})

    post.refresh_from_db()
    assert refused.status_code == 200
    assert "18" in refused.content.decode()
    assert taken.status_code == 302
    assert SignUp.objects.values_list("volunteer", "status", "channel").get() == (adult.pk, "confirmed", "desk")
    assert post.taken == 1


def test_volunteers_are_asked_not_assigned(client, shift, here):
    post = make.post(shift)
    person = make.volunteer(community=here)

    answer = client.post("/admin/staffing/signup/add/", {"post": post.pk, "volunteer": person.pk, "way": "assign"})

    assert answer.status_code == 200
    assert not SignUp.objects.exists()


def test_confirming_and_declining(client, shift):
    post = make.post(shift, seats=2, auto_confirm=False)
    one, two = (sign_up(post.pk, make.volunteer().pk, now=timezone.now()) for _person in range(2))

    step(client, one, "confirm")
    step(client, two, "decline", reason="mood")
    between = SignUp.objects.get(pk=two.pk).status
    step(client, two, "decline", reason="enough_people")
    again = step(client, two, "confirm")

    assert SignUp.objects.get(pk=one.pk).status == "confirmed"
    assert between == "signed_up"
    assert SignUp.objects.get(pk=two.pk).status == "declined"
    assert told(again) != []


def test_checking_in_too_early_is_refused(client, shift):
    post = make.post(shift)
    signup = sign_up(post.pk, make.volunteer().pk, now=timezone.now())

    answer = step(client, signup, "check_in")

    assert SignUp.objects.get().status == SignUpStatus.CONFIRMED
    assert told(answer) != []


def test_check_in_and_out_from_the_admin_site(client, here):
    now = timezone.now()
    post = make.post(make.shift(places.site(here), start=now + timedelta(minutes=5)))
    signup = sign_up(post.pk, make.volunteer().pk, now=now)

    step(client, signup, "check_in")
    inside = SignUp.objects.get().status
    step(client, signup, "check_out")

    assert (inside, SignUp.objects.get().status) == ("checked_in", "completed")
    assert attendance.SignUp.objects.get().volunteer.records.count() == 1


def test_a_call_is_written_edited_and_cancelled(client, here, tomorrow):
    said = {"community": here.pk, "title": "招人", "activity": "核酸", "arrive_minutes": "20", "standby": "0"}
    said |= halves("starts_at", tomorrow) | halves("ends_at", tomorrow + timedelta(days=1))
    client.post("/admin/staffing/callup/add/", said | {"shifts-TOTAL_FORMS": "0", "shifts-INITIAL_FORMS": "0"})
    call = CallUp.objects.get()
    client.post(
        f"/admin/staffing/callup/{call.pk}/change/",
        said | {"title": "再招人", "shifts-TOTAL_FORMS": "0", "shifts-INITIAL_FORMS": "0"},
    )
    edited = CallUp.objects.get()
    step(client, call, "cancel", reason="改期")

    assert (edited.title, edited.status, edited.created_by is not None) == ("再招人", "draft", True)
    assert CallUp.objects.get().status == "cancelled"


def test_a_call_without_a_shift_is_not_published(client, here):
    call = make.call(here, status="draft")

    answer = step(client, call, "publish")

    assert CallUp.objects.get().status == "draft"
    assert told(answer) != []


def test_a_pledge_is_promised_and_given_up(client, shift):
    post = make.post(shift, seats=3)
    body = places.organisation()
    due = halves("due_at", timezone.now() + timedelta(hours=3))
    too_many = client.post(
        "/admin/staffing/pledge/add/", {"post": post.pk, "organisation": body.pk, "seats": "4", **due}
    )
    client.post("/admin/staffing/pledge/add/", {"post": post.pk, "organisation": body.pk, "seats": "2", **due})
    post.refresh_from_db()
    kept = post.pledged
    step(client, Pledge.objects.get(), "release")

    post.refresh_from_db()
    assert too_many.status_code == 200
    assert (kept, post.pledged, Pledge.objects.get().status) == (2, 0, "withdrawn")


@time_machine.travel(NIGHT + timedelta(hours=12))  # whatever the hour: in five minutes it is still today
def test_the_dashboard_counts_today_within_the_own_area(here, queries_of):
    now = timezone.now()
    post = make.post(make.shift(places.site(here), start=now + timedelta(minutes=5)), seats=3)
    foreign = make.post(make.shift(start=now + timedelta(minutes=5)), seats=9)
    signup = sign_up(post.pk, make.volunteer().pk, now=now)
    sign_up(foreign.pk, make.volunteer().pk, now=now)
    attendance.check_in(signup.pk, by=places.user(), now=now)
    Message.objects.filter(target=signup.pk).update(status="failed")
    client = browser(here)

    page = client.get("/admin/")
    few = queries_of(lambda: client.get("/admin/"))
    for _more in range(5):
        make.post(make.shift(places.site(here), start=now + timedelta(minutes=9)), seats=2)

    day = page.context["day"]
    assert (day.needed, day.taken, day.missing, day.checked_in) == (3, 1, 2, 1)
    assert day.shifts == {"open": 1}
    assert (page.context["outbox"].failed, page.context["outbox"].due) == (1, 0)
    assert queries_of(lambda: client.get("/admin/")) == few


def test_steps_are_named_once_per_page():
    for page in admin.site._registry.values():
        names = [each.name for each in getattr(page, "steps", [])]
        assert len(names) == len(set(names))
