import polib
import pytest

from communities import catalogues
from communities.catalogues import Text

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, npgettext, pgettext, pgettext_lazy

NAME = _("Shift")
LONG = _("one " "sentence")
MANY = ngettext("%(n)s seat", "%(n)s seats", 2)
MONTH = pgettext_lazy("month", "May")
FEW = npgettext("people", "%(n)s volunteer", "%(n)s volunteers", 3)
NOT = "Not this"
"""
TEMPLATE = """
{% load i18n %}{# translators may read this #}
        {% translate "Sign up" %} it's <b title="{% translate 'May' context 'verb' %}">{{ _("Seats")|upper }}</b>
  {% blocktranslate trimmed with name=person.name %}
    Hello {{ name }},
    it is "100%" yours.
  {% endblocktranslate %}
{% blocktranslate count n=seats context "bench" %}one seat{% plural %}{{ n }} seats{% endblocktranslate %}
{% include "x.html" with label=_("Label") %} don't
"""
FOUND = {
    Text("Shift"),
    Text("one sentence"),
    Text("%(n)s seat", None, "%(n)s seats"),
    Text("May", "month"),
    Text("%(n)s volunteer", "people", "%(n)s volunteers"),
    Text("Sign up"),
    Text("May", "verb"),
    Text("Seats"),
    Text('Hello %(name)s, it is "100%%" yours.'),
    Text("one seat", "bench", "%(n)s seats"),
    Text("Label"),
}


@pytest.fixture
def root(tmp_path):
    for package in catalogues.PACKAGES:
        (tmp_path / package / "templates").mkdir(parents=True)
    (tmp_path / "staffing" / "shifts.py").write_text(PYTHON)
    (tmp_path / "staffing" / "templates" / "shift.html").write_text(TEMPLATE)
    return tmp_path


def chinese(root):
    return polib.pofile(str(catalogues.catalogue(root, "zh_Hans")))


def translate(root, **changes):
    """Everything said as in the source, except for what the test wants otherwise."""
    book = chinese(root)
    for entry in book:
        words = changes.get(entry.msgid.replace(" ", "_"), entry.msgid_plural or entry.msgid)
        if entry.msgid_plural:
            entry.msgstr_plural = {0: words}
        else:
            entry.msgstr = words
    book.save()


def said(root):
    return [(fault.language, fault.words, fault.what) for fault in catalogues.faults(root)]


def test_every_text_of_python_and_templates_is_found(root):
    assert set(catalogues.used(root)) == FOUND


def test_what_is_extracted_waits_for_its_translation_and_english_speaks_for_itself(root):
    catalogues.extract_all(root)

    assert set(said(root)) == {("zh_Hans", text.words, "is not translated") for text in FOUND}
    translate(root)
    assert said(root) == []


def test_extracting_again_keeps_what_was_translated_and_drops_what_is_gone(root):
    catalogues.extract_all(root)
    translate(root, Shift="班次")
    (root / "staffing" / "templates" / "shift.html").write_text("{% translate 'Shift' %}{% translate 'Desk' %}")

    assert ("zh_Hans", "Sign up", "is not in the source any more") in said(root)
    catalogues.extract_all(root)

    words = {entry.msgid: entry.msgstr for entry in chinese(root)}
    assert (words["Shift"], words["Desk"], "Sign up" in words) == ("班次", "", False)


@pytest.mark.parametrize(
    ("msgid", "translation", "what"),
    [
        ("%(n)s seat", "座位", "has other placeholders"),
        ("%(n)s seat", "%(m)s个座位", "has other placeholders"),
        ("one seat", "%(n)s个座位", None),
        ("Shift", "班次%(n)s", "has other placeholders"),
        ("Shift", "班次100%%", None),
        ("Shift", "", "is not translated"),
    ],
)
def test_a_translation_must_fill_the_same_blanks(root, msgid, translation, what):
    catalogues.extract_all(root)
    translate(root, **{msgid.replace(" ", "_"): translation})

    assert said(root) == ([("zh_Hans", msgid, what)] if what else [])


def test_a_guessed_translation_does_not_pass(root):
    catalogues.extract_all(root)
    translate(root)
    book = chinese(root)
    book.find("Shift").flags.append("fuzzy")
    book.save()

    assert said(root) == [("zh_Hans", "Shift", "is only guessed (fuzzy)")]


def test_compiling_writes_only_what_changed(root):
    catalogues.extract_all(root)
    translate(root, Shift="班次")

    written = catalogues.compile_all(root)

    assert [path.relative_to(root / "locale").as_posix() for path in written] == [
        "en/LC_MESSAGES/django.mo",
        "zh_Hans/LC_MESSAGES/django.mo",
    ]
    assert polib.mofile(str(written[1])).find("Shift").msgstr == "班次"
    assert catalogues.compile_all(root) == []
