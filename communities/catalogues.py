"""The translation catalogues, without GNU gettext: find every text in the source, check both languages, compile.

A text is its context (or none), its words and its plural (or none). The English catalogue says each text as the
source does; it exists so that both languages are complete in the same way.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

PACKAGES = ("communities", "volunteers", "staffing", "config")
LANGUAGES = ("zh_Hans", "en")
SOURCE = "en"
CALLS = {
    "gettext": (1,),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS = {f"{call}{ending}": spec for call, spec in CALLS.items() for ending in ("", "_lazy")}
KEYWORDS |= {"_": (1,), "gettext_noop": (1,)}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"\b(?:_|n?p?gettext)\({LITERAL}(?:, {LITERAL})*(?:,\s?count)?\)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


class Text(NamedTuple):
    words: str
    context: str | None = None
    plural: str | None = None


@dataclass(frozen=True)
class Fault:
    language: str
    words: str
    what: str

    def __str__(self) -> str:
        return f"{self.language}: {self.words!r} {self.what}"


def used(root: Path) -> dict[Text, list[str]]:
    """Every text in the source with the files that say it."""
    found: dict[Text, list[str]] = {}
    for path in sources(root):
        for text in texts(path):
            places = found.setdefault(text, [])
            if (name := path.relative_to(root).as_posix()) not in places:
                places.append(name)
    return found


def sources(root: Path) -> Iterator[Path]:
    for path in sorted(chain.from_iterable((root / package).rglob("*") for package in PACKAGES)):
        in_python = path.suffix == ".py" and "migrations" not in path.parts
        in_template = path.suffix in (".html", ".txt") and "templates" in path.parts
        if in_python or in_template:
            yield path


def texts(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return python_texts(source)
    calls = TEMPLATE_CALL.finditer(templatize(source, origin=str(path)))
    return python_texts("\n".join(call[0] for call in calls))


def python_texts(source: str) -> Iterator[Text]:
    for _, words, _, context in extract("python", BytesIO(source.encode()), keywords=KEYWORDS):
        one, many = words if isinstance(words, tuple) else (words, None)
        if one:
            yield Text(one, context, many)


def catalogue(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def compile_all(root: Path) -> list[Path]:
    """Write the .mo of every catalogue that is newer than its own; return what was written."""
    written = []
    for source in sorted(root.glob("locale/*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            written.append(target)
    return written


def extract_all(root: Path) -> None:
    """Bring every catalogue to exactly the texts in use: new ones wait for words, unused ones leave."""
    found = used(root)
    for language in LANGUAGES:
        path = catalogue(root, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        renewed(opened(path, language), found, language).save(str(path))


def opened(path: Path, language: str) -> polib.POFile:
    if path.exists():
        return polib.pofile(str(path), wrapwidth=120)
    book = polib.POFile(wrapwidth=120)
    plural = "nplurals=2; plural=(n != 1);" if language == SOURCE else "nplurals=1; plural=0;"
    book.metadata = {
        "Project-Id-Version": "redvest",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": plural,
    }
    return book


def renewed(book: polib.POFile, found: dict[Text, list[str]], language: str) -> polib.POFile:
    known = {key(entry): entry for entry in book if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=120)
    fresh.metadata, fresh.header = book.metadata, book.header
    for text in sorted(found, key=lambda text: (text.words.lower(), text.words, text.context or "")):
        entry = known.get(text) or entry_of(text)
        if language == SOURCE:
            say_as_source(entry)
        fresh.append(entry)
    return fresh


def key(entry: polib.POEntry) -> Text:
    return Text(entry.msgid, entry.msgctxt or None, entry.msgid_plural or None)


def entry_of(text: Text) -> polib.POEntry:
    entry = polib.POEntry(msgid=text.words, msgctxt=text.context, msgid_plural=text.plural or "")
    if text.plural:
        entry.msgstr_plural = {0: ""}
    if "%" in text.words and PLACEHOLDER.search(text.words):
        entry.flags.append("python-format")
    return entry


def say_as_source(entry: polib.POEntry) -> None:
    if entry.msgid_plural:
        entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
    else:
        entry.msgstr = entry.msgid


def faults(root: Path) -> list[Fault]:
    found = used(root)
    return [fault for language in LANGUAGES for fault in faults_in(catalogue(root, language), found, language)]


def faults_in(path: Path, found: Iterable[Text], language: str) -> Iterator[Fault]:
    entries = {key(entry): entry for entry in opened(path, language)}
    for text in found:
        if text not in entries:
            yield Fault(language, text.words, "is missing")
    for text, entry in entries.items():
        if text not in found or entry.obsolete:
            yield Fault(language, text.words, "is not in the source any more")
        elif what := faulty(entry):
            yield Fault(language, text.words, what)


def faulty(entry: polib.POEntry) -> str | None:
    if entry.fuzzy:
        return "is only guessed (fuzzy)"
    said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not said or not all(said):
        return "is not translated"
    if entry.msgid_plural:
        return None if all(plural_agrees(entry, one) for one in said) else "has other placeholders"
    return None if placeholders(entry.msgid) == placeholders(entry.msgstr) else "has other placeholders"


def plural_agrees(entry: polib.POEntry, said: str) -> bool:
    """As in the singular or as in the plural: "one seat" may leave the number out where "%(n)s seats" cannot."""
    return placeholders(said) in (placeholders(entry.msgid), placeholders(entry.msgid_plural))


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text.replace("%%", "")))
