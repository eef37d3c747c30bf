"""The page foundation: what every page is made of, how times and phones read, and what it may weigh."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import segno
import time_machine
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from config.icons import ICONS
from config.templatetags import redvest
from config.views import SampleForm

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "config" / "static"
TEMPLATES = sorted(path for folder in ROOT.glob("*/templates") for path in folder.rglob("*.html"))
SHANGHAI, LISBON = "Asia/Shanghai", "Europe/Lisbon"


@pytest.fixture(autouse=True)
def _april_2022():
    with time_machine.travel(datetime(2022, 4, 3, 20, 0, tzinfo=UTC), tick=False):
        yield


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def utc(day: int, hour: int, minute: int = 0, *, month: int = 4, year: int = 2022) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


# What it weighs


def test_the_stylesheet_stays_under_25_kib():
    assert (STATIC / "css" / "redvest.css").stat().st_size < 25 * 1024


def test_the_script_stays_under_3_kib_compressed():
    assert len(gzip.compress((STATIC / "js" / "app.js").read_bytes())) < 3 * 1024


def test_a_first_load_is_under_60_kb_compressed(client: Client):
    page = client.get("/styleguide/").content
    files = [STATIC / "css" / "redvest.css", STATIC / "js" / "htmx.min.js", STATIC / "js" / "app.js"]
    assert sum(len(gzip.compress(part)) for part in [page, *(file.read_bytes() for file in files)]) < 60_000


# What a template may hold


def without_comments(text: str) -> str:
    text = re.sub(r"{#.*?#}", "", text)
    return re.sub(r"{% comment .*?{% endcomment %}|<!--.*?-->", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_inline_style_script_or_handler(path: Path):
    text = without_comments(path.read_text())
    assert re.findall(r"""\s(?:style|on[a-z]+|hx-on[:a-z-]*)\s*=\s*["']|<style|javascript:""", text) == []
    scripts = re.findall(r"<script[^>]*>", text)
    assert [tag for tag in scripts if "src=" not in tag and "application/json" not in tag] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_no_untranslated_chinese(path: Path):
    assert re.findall(r"[\u3400-\u9fff\uff01-\uff5e]+", without_comments(path.read_text())) == []


def test_every_template_of_ours_can_be_loaded():
    names = [
        path.relative_to(folder).as_posix() for folder in ROOT.glob("*/templates") for path in folder.rglob("*.html")
    ]
    for name in names:
        assert get_template(name).origin.name.endswith(name)


# Shapes


def test_every_icon_is_an_svg_hidden_from_readers():
    drawn = [render("{% icon name %}", name=name) for name in ICONS]
    assert len(drawn) == 56
    assert all(re.fullmatch(r'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">.+</svg>', svg) for svg in drawn)


def test_an_icon_takes_an_extra_class():
    assert render('{% icon "go" "back" %}').startswith('<svg class="icon back"')


def test_a_tape_draws_named_promised_and_missing_one_after_the_other():
    bars = re.findall(r'class="(\w+)" x="([\d.]+)%" width="([\d.]+)%"', render("{% tape 83 8 15 106 %}"))
    assert bars == [("have", "0.00", "78.30"), ("soft", "78.30", "7.55"), ("gap", "85.85", "14.15")]


def test_a_tape_leaves_out_what_is_not_there_and_survives_an_empty_plan():
    assert re.findall(r'class="(have|soft|gap)"', render("{% tape 4 0 0 %}")) == ["have"]
    assert re.findall(r'class="(have|soft|gap)"', render("{% tape 0 0 0 %}")) == []


def test_a_qr_code_is_one_path_with_every_dark_cell():
    text = "https://example.org/c/xz2"
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1", render("{% qr text %}", text=text))
    drawn = {(int(x) + step, int(y)) for x, y, width in runs for step in range(int(width))}
    rows = segno.make(text, error="m").matrix
    assert drawn == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def test_a_polling_fragment_carries_its_own_tag():
    expected = (
        'hx-get="/gap?a=1&amp;b=2" hx-trigger="every 5s" hx-swap="outerHTML" '
        'hx-headers="{&quot;If-None-Match&quot;: &quot;\\&quot;8f21\\&quot;&quot;}"'
    )
    assert render("{% poll url 5 etag %}", url="/gap?a=1&b=2", etag="8f21") == expected
    assert render("{% poll url 5 etag %}", url="/gap?a=1&b=2", etag='"8f21"') == expected


# Times

SPANS = [
    (utc(3, 21, 30), utc(4, 4), SHANGHAI, "4月4日（周一）05:30–12:00", "Mon 4 April, 05:30–12:00"),
    (utc(4, 14), utc(4, 22), SHANGHAI, "4月4日（周一）22:00–次日06:00", "Mon 4 April, 22:00–06:00 next day"),
    (utc(4, 12), utc(4, 16), SHANGHAI, "4月4日（周一）20:00–24:00", "Mon 4 April, 20:00–24:00"),
    (utc(3, 21, 30), utc(4, 4), LISBON, "4月3日（周日）22:30–次日05:00", "Sun 3 April, 22:30–05:00 next day"),
    (
        utc(4, 14),
        utc(6, 2),
        SHANGHAI,
        "4月4日（周一）22:00–4月6日（周三）10:00",
        "Mon 4 April, 22:00–Wed 6 April, 10:00",
    ),
    (
        utc(24, 1, month=12, year=2021),
        utc(24, 3, month=12, year=2021),
        SHANGHAI,
        "2021年12月24日（周五）09:00–11:00",
        "Fri 24 December 2021, 09:00–11:00",
    ),
]


@pytest.mark.parametrize(("start", "end", "zone", "chinese", "english"), SPANS)
def test_a_span_reads_in_both_languages_and_in_the_zone_of_the_area(start, end, zone, chinese, english):
    for language, expected in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert render("{% span a b zone %}", a=start, b=end, zone=zone) == expected


def test_a_page_in_a_zone_needs_no_zone_at_each_time():
    with translation.override("en"):
        page = "{% timezone 'Europe/Lisbon' %}{{ t|clock }} {{ t|day }} {{ t|moment }} {% hours t u %}{% endtimezone %}"
        rendered = render(page, t=utc(4, 21, 30), u=utc(4, 22, 15))
    assert rendered == "22:30 Mon 4 April Mon 4 April, 22:30 22:30–23:15"


def test_no_time_is_no_text():
    assert render("{{ t|clock }}{{ t|day }}{{ t|moment }}{{ t|countdown }}", t=None) == ""


@pytest.mark.parametrize(
    ("left", "chinese", "english"),
    [
        (timedelta(hours=8, minutes=12, seconds=59), "8小时12分", "8 h 12 min"),
        (timedelta(minutes=12), "12分钟", "12 min"),
        (timedelta(hours=2), "2小时", "2 h"),
        (timedelta(days=1), "1天", "1 day"),
        (timedelta(days=3, hours=4, minutes=5), "3天4小时", "3 days 4 h"),
        (timedelta(seconds=59), "不到1分钟", "less than a minute"),
        (timedelta(minutes=-5), "不到1分钟", "less than a minute"),
    ],
)
def test_a_countdown_is_short_in_both_languages(left, chinese, english):
    for language, expected in (("zh-hans", chinese), ("en", english)):
        with translation.override(language):
            assert redvest.countdown(datetime.now(UTC) + left) == expected
            assert redvest.countdown(left) == expected


# Phones


def test_others_see_four_digits_and_the_owner_the_spaced_number():
    with translation.override("zh-hans"):
        assert render("{{ p|masked }}", p="+8612000000062") == "尾号0062"
    with translation.override("en"):
        assert render("{{ p|masked }}", p="+8612000000062") == "ends in 0062"
    assert render("{{ p|spaced }}", p="+8612000000062") == "120 0000 0062"
    assert render("{{ p|spaced }}", p="+442083661177") == "+44 20 8366 1177"
    assert render("{{ p|masked }}{{ p|spaced }}", p=None) == ""


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/99 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 15_3 like Mac OS X) MicroMessenger/8.0.20", "WeChat, iPhone"),
        ("curl/8.5.0", "curl/8.5.0"),
    ],
)
def test_a_device_is_named_in_two_words(agent, words):
    assert redvest.device(agent) == words


# Forms


def broken() -> SampleForm:
    form = SampleForm({"phone": "120 0000 0062", "code": "40817"})
    form.add_error("code", "The code is not right")
    form.add_error(None, "The shift is full now")
    return form


def test_the_summary_names_every_problem_and_links_to_its_control():
    with translation.override("en"):
        html = render("{% summary form %}", form=broken())
    assert re.findall(r'<a href="#([^"]+)">', html) == ["id_name", "id_code", "id_block_0", "id_consent"]
    assert "5 things to change" in html
    assert re.findall(r'<a href="#id_(?:name|code)">(.*?)</a>', html) == [
        "Name: This field is required.",
        "The code is not right",
    ]
    assert "<li>The shift is full now</li>" in html
    assert 'role="alert" tabindex="-1" autofocus' in html


def test_there_is_no_summary_without_errors():
    assert render("{% summary form %}", form=SampleForm()) == ""


def test_a_wrong_field_keeps_its_input_and_points_to_its_error():
    html = render('{% field form.code "short" %}', form=broken())
    assert 'class="field has-error"' in html
    assert 'id="id_code_error"' in html
    control = re.search(r"<input[^>]*>", html)[0]
    for part in ('value="40817"', 'class="input short"', 'aria-invalid="true"', 'aria-describedby="id_code_error"'):
        assert part in control


def test_a_number_is_typed_as_text_on_a_number_pad():
    control = re.search(r"<input[^>]*>", render("{% field form.count %}", form=SampleForm()))[0]
    assert 'type="text"' in control
    assert 'inputmode="numeric"' in control


def test_only_an_optional_field_says_so():
    with translation.override("en"):
        assert "(optional)" in render("{% field form.count %}", form=SampleForm())
        assert "(optional)" not in render("{% field form.name %}", form=SampleForm())


def test_choices_are_cards_with_notes_and_full_ones_shut():
    form = SampleForm(initial={"block": "1"})
    html = render("{% field form.block notes=notes closed=closed %}", form=form, notes={1: "3 left"}, closed={3})
    cards = re.findall(r"<label>(.*?)</label>", html)
    assert ["checked" in card for card in cards] == [True, False, False]
    assert ["disabled" in card for card in cards] == [False, False, True]
    assert ["3 left" in card for card in cards] == [True, False, False]


def test_consent_is_never_ticked_before_the_person_ticks_it():
    html = render("{% field form.consent %}", form=SampleForm())
    assert 'class="tick"' in html
    assert "checked" not in html


def test_the_title_says_error_when_the_form_has_one():
    request = RequestFactory().get("/")
    with translation.override("en"):
        wrong = render_to_string("base_phone.html", {"form": broken(), "title": "Sign up"}, request)
        fine = render_to_string("base_phone.html", {"form": SampleForm(), "title": "Sign up"}, request)
    assert re.search(r"<title>(.*)</title>", wrong)[1] == "Error: Sign up · Redvest"
    assert re.search(r"<title>(.*)</title>", fine)[1] == "Sign up · Redvest"


# The reader's choices


@pytest.mark.parametrize(
    ("asked", "header", "language"),
    [("", "", "zh-Hans"), ("", "en-GB,en", "en"), ("", "zh-CN,zh", "zh-Hans"), ("?lang=zh-hans", "en", "zh-Hans")],
)
def test_the_language_is_asked_for_or_the_browsers_own(client: Client, asked, header, language):
    page = client.get(f"/styleguide/{asked}", headers={"accept-language": header}).content.decode()
    assert re.search(r"<html ([^>]*)>", page)[1] == f'lang="{language}"'


def test_choices_in_the_address_are_remembered(client: Client):
    client.get("/styleguide/?lang=en&size=large&theme=dark")
    page = client.get("/styleguide/", headers={"accept-language": "zh-CN"}).content.decode()
    assert '<html lang="en" data-theme="dark" data-size="large">' in page
    page = client.get("/styleguide/?size=normal&theme=auto&lang=zh-hans").content.decode()
    assert '<html lang="zh-Hans">' in page


def test_nonsense_in_the_address_is_not_remembered(client: Client):
    answer = client.get("/styleguide/?lang=xx&size=huge&theme=pink")
    assert answer.cookies.keys() & {"django_language", "size", "theme"} == set()


# Errors

SENTENCES = {
    "400.html": "This request could not be read.",
    "403.html": "This is not yours to do.",
    "403_csrf.html": "This page was open for too long, or cookies are off.",
    "404.html": "There is no such page, or it is not for this account.",
    "410.html": "This link has expired.",
    "429.html": "That was too often in a short time.",
    "500.html": "Something broke on our side.",
    "503.html": "Many people are doing the same thing right now.",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_an_error_page_says_the_fact_even_without_a_request(name):
    with translation.override("en"):
        page = render_to_string(name)
    assert re.search(r"<h1[^>]*>(.*)</h1>", page)[1] == SENTENCES[name]
    assert page.startswith("<!doctype html>")


def test_an_unknown_page_is_a_phone_page_for_people_and_a_notice_for_a_fragment(client: Client):
    full = client.get("/nowhere/")
    part = client.get("/nowhere/", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (full.status_code, part.status_code) == (404, 404)
    assert "<!doctype html>" in full.content.decode()
    assert "<!doctype html>" not in part.content.decode()
    assert 'class="notice bad"' in part.content.decode()


def test_a_refusal_shows_every_reason():
    page = render_to_string("errors/refused.html", {"reasons": ["Too few hours of rest.", "The seat is taken."]})
    assert re.findall(r"<li>(.*?)</li>", page) == ["Too few hours of rest.", "The seat is taken."]


def test_the_style_page_is_for_demo_and_development_only(client: Client, settings):
    settings.DEBUG, settings.DEMO = False, False
    assert client.get("/styleguide/").status_code == 404
