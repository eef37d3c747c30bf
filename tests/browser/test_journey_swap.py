"""Two neighbours swap a shift with their phones, and the lead says yes at the desk."""

import pytest
from playwright.sync_api import expect

from communities.models import Message
from staffing.models import Post, SignUp, Swap
from tests.browser.conftest import DESK, picture, soon, violations
from tests.factories import communities as places
from tests.staffing.phone import Scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANGUAGES = ["zh-hans", "en"]
WORDS = {
    "zh-hans": {"swap": "换班或让给别人…", "offer": "让出位置", "yes": "同意，换班", "lead": "同意", "done": "换好了"},
    "en": {
        "swap": "Swap or hand over…",
        "offer": "Offer my seat",
        "yes": "Yes, swap",
        "lead": "Yes",
        "done": "It is done",
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_neighbours_swap_and_the_lead_says_yes(open_page, language, transactional_db):
    scene, words = Scene(1), WORDS[language]
    Post.objects.update(auto_confirm=False)
    anna, bo = scene.neighbour(user=places.user("安演示")), scene.neighbour(user=places.user("柏演示"))
    scene.take(scene.post, anna)
    scene.take(scene.other, bo)
    SignUp.objects.update(status="confirmed")
    lead = places.lead(scene.community)

    page = open_page(language, user=anna.user)
    page.goto(f"/s/{SignUp.objects.get(volunteer=anna).pk}/")
    page.get_by_role("link", name=words["swap"]).click()
    page.get_by_role("combobox").select_option(str(scene.other.pk))
    picture(page, f"swap-offer-{language}")
    assert violations(page) == []
    page.get_by_role("button", name=words["offer"]).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    picture(page, f"swap-link-{language}")
    assert violations(page) == []

    other = open_page(language, user=bo.user)
    other.goto(f"/w/{soon(Swap.objects.first).key}/")
    picture(other, f"swap-asked-{language}")
    assert violations(other) == []
    other.get_by_role("button", name=words["yes"]).click()
    picture(other, f"swap-agreed-{language}")

    desk = open_page(language, user=lead, size=DESK)
    Message.objects.filter(kind="swap_agreed").update(status="failed")
    desk.goto(f"/desk/shifts/{scene.first.pk}/")
    picture(desk, f"swap-desk-{language}")
    assert violations(desk) == []
    desk.goto(f"/desk/messages/?shift={scene.first.pk}")
    picture(desk, f"messages-desk-{language}")
    assert violations(desk) == []
    desk.goto(f"/desk/shifts/{scene.first.pk}/")
    desk.locator("#swaps").get_by_role("button").first.click()
    expect(desk.locator("#swaps")).to_have_count(0)

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["done"])
    picture(page, f"swap-done-{language}")
    held = dict(SignUp.objects.confirmed().values_list("post_id", "volunteer_id"))
    assert held == {scene.post.pk: bo.pk, scene.other.pk: anna.pk}
