"""Every kind of message in every language, for whatever names people and places bear: whole in itself, one line each, no
word about anybody's health, and no link but ours, none of which can be guessed.
"""

import re
import types
import typing
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db.models import Model
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as pace
from hypothesis import strategies as some

from communities.messages import digests
from communities.messages.kinds import KINDS, Kind
from communities.models import Area, Site, User
from communities.rules.names import first_name, spoken
from staffing.models import Post, Ride, Role, Shift
from staffing.queries.notices import Seat
from staffing.rules.placeholders import HEALTH

START = datetime(2026, 4, 3, 21, 30, tzinfo=UTC)
END = START + timedelta(hours=3)
HOSTILE = [
    "王\n\n您的座位已取消",
    "\u202egnirts\u202c王",
    "=HYPERLINK(1)",
    "<b>王</b>",
    "{name} %(link)s %s",
    "http://evil.example/x",
    "",
    " ",
    "x" * 300,
    "😀",
    "O'Neil\x00\u2028\u200b",
    "\r\n/a/AAAA",
]
WORDS = {"kind", "code", "hard"}  # fields that are words of ours, not names
CLEAN = {"name", "other", "owner"}  # what the reading gives as a first name already
URL = re.compile(r"(?:https?:)?//\S+|www\.\S+")
TOKEN = re.compile(r"/(?:a|l|d|u|w)/(\S+?)/?$")
OF_A_SEAT_TO_GO_TO = {"signed_up", "offered", "confirmed", "changed", "reminder", "reminded_again"}


class Facts(dict[str, Any]):
    """What a kind has put beside its names; whatever else it asks for is a text that somebody typed."""

    def __init__(self, word: str) -> None:
        super().__init__(until=START, duty="lead", status="agreed")
        self.word = word

    def __missing__(self, _key: str) -> str:
        return self.word


class Builder:
    """Contexts of any kind, by the types of their fields; `word` stands for every name and every free text."""

    def __init__(self, kind: Kind, word: str, *, state: str = "") -> None:
        self.kind, self.word, self.state = kind, word, state

    def context(self) -> Any:
        """Of the type that the kind's text takes."""
        if self.kind.name == "digest":
            kind = KINDS["broadcast"]
            part = Builder(kind, self.word).context()
            return digests.Digest(parts=((kind, part), (kind, part)), customs=part.customs)
        hints = typing.get_type_hints(self.kind.text)
        return self.of(next(hint for name, hint in hints.items() if name != "return"), "")

    def of(self, hint: Any, field: str) -> Any:
        origin = typing.get_origin(hint)
        if origin in (types.UnionType, typing.Union):
            return self.of(next(one for one in typing.get_args(hint) if one is not type(None)), field)
        if origin is tuple:
            inner = typing.get_args(hint)
            return (self.of(inner[0], field),) if inner[-1] is ... else tuple(self.of(one, field) for one in inner)
        if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
            return Facts(self.word)
        if origin in (list, typing.Sequence) or origin is not None:
            return [self.of(typing.get_args(hint)[0], field)]
        return self.plain(hint, field)

    def plain(self, hint: Any, field: str) -> Any:
        if is_dataclass(hint):
            return self.whole(hint)
        if isinstance(hint, type) and issubclass(hint, Model):
            return self.row(hint)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return next(iter(hint))
        return {
            str: self.text,
            int: lambda _field: 3,
            float: lambda _field: 3.0,
            bool: lambda _field: False,
            datetime: lambda name: END if "end" in name else START,
            date: lambda _field: START.date(),
            time: lambda _field: time(5, 30),
            timedelta: lambda _field: timedelta(hours=1),
            ZoneInfo: lambda _field: ZoneInfo("Asia/Shanghai"),
        }[hint](field)

    def text(self, field: str) -> str:
        if field == "kind":
            return self.kind.name
        if field == "status":
            return self.state or STATES.get(self.kind.name, "")
        if field == "phone":
            return "+8612000000001"
        if field in {"slug", "number", "code", "token", "key"}:
            return "abcdefgh"
        if field == "text":
            return spoken(self.word)  # of a notice, which may have lines
        return first_name(self.word) or "安" if field in CLEAN else self.word

    def whole(self, hint: Any) -> Any:
        if hint.__name__ == "Customs":
            return hint()
        hints = typing.get_type_hints(hint)
        given_ = {
            one.name: self.of(hints[one.name], one.name)
            for one in fields(hint)
            if one.init and ((one.default is MISSING and one.default_factory is MISSING) or one.name in hints)
        }
        if hint is Seat:
            given_ |= {"status": SEATS.get(self.kind.name, "confirmed"), "respond_by": START, "stopped": False}
        return hint(**given_)

    def row(self, model: type[Model]) -> Any:
        area = Area(pk=1, name=self.word, name_en=self.word, path="/1/")
        site = Site(pk=1, area=area, name=self.word, name_en=self.word)
        if model is Shift:
            return Shift(pk=1, site=site, starts_at=START, ends_at=END)
        if model is Ride:
            way = {"origin": self.word, "origin_en": self.word, "destination": site, "area": area}
            return Ride(pk=1, pick_up_at=START, arrive_by=END, **way)
        if model is Post:
            return Post(pk=1, role=Role(pk=1, name=self.word, name_en=self.word))
        known: dict[Any, Callable[[], Any]] = {
            Area: lambda: area,
            Site: lambda: site,
            User: lambda: User(pk=1, name=self.word),
        }
        return known[model]() if model in known else self.other_row(model)

    def other_row(self, model: type[Model]) -> Any:
        """Any other one, with its words and instants filled in, and what it points to."""
        values: dict[str, Any] = {"pk": 1}
        for field in model._meta.concrete_fields:
            inner = field.get_internal_type()
            if field.is_relation:
                values[field.name] = self.row(field.related_model)
            elif inner in {"CharField", "TextField"}:
                values[field.name] = field.flatchoices[0][0] if field.choices else self.word
            elif inner == "DateTimeField":
                values[field.name] = END if "end" in field.name else START
            elif inner == "DateField":
                values[field.name] = START.date()
        return model(**values)


STATES = {
    "seconded": "accepted",
    "lending_settled": "agreed",
    "lending_asked": "proposed",
    "swap_ended": "refused",
    "secondment_over": "ended",
}
SEATS = {
    "signed_up": "signed_up",
    "waitlisted": "waitlisted",
    "offered": "invited",
    "cancelled": "cancelled",
    "passed_over": "cancelled",
    "declined": "declined",
}


def rendered(kind: Kind, word: str, language: str) -> tuple[str, str]:
    context = Builder(kind, word).context()
    with translation.override(language):
        return kind.subject(context), kind.text(context)


def kinds() -> list[str]:
    return sorted(name for name in KINDS if " " not in name)


def wrong_with(kind: str, word: str, language: str) -> list[str]:
    subject, text = rendered(KINDS[kind], word, language)
    _tame, plain = rendered(KINDS[kind], "香樟", language)
    found = []
    if len(subject.splitlines()) != 1:
        found.append("the subject is not one line")
    if len(text.splitlines()) > len(plain.splitlines()):
        found.append("a name makes lines of its own")
    if any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in text.replace("\n", "")):
        found.append("control characters")
    links = URL.findall(text.replace(word, "") if URL.search(word) else text)
    if any(not link.startswith(f"{settings.PUBLIC_URL}/") for link in links):
        found.append("a foreign link")
    if any(len(seal[1]) < 12 for link in links if (seal := TOKEN.search(link))):
        found.append("a link that can be guessed")
    return found


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pace(max_examples=12, suppress_health_check=list(HealthCheck))
@given(
    word=some.sampled_from(HOSTILE)
    | some.text(some.characters(exclude_characters="/.", exclude_categories=["Cs"]), min_size=1, max_size=80)
)
def test_no_name_breaks_a_message(language, word):
    found = {kind: wrong for kind in kinds() if (wrong := wrong_with(kind, word, language))}
    assert found == {}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_message_says_where_it_comes_from_and_nothing_about_health(language):
    for kind in kinds():
        subject, text = rendered(KINDS[kind], "香樟", language)
        assert subject, kind
        assert "香樟" in text, kind
        assert not HEALTH.search(text), kind


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_whoever_has_to_go_somewhere_is_told_what_where_when_whom_to_call_and_how_to_answer(language):
    for kind in sorted(OF_A_SEAT_TO_GO_TO):
        _subject, text = rendered(KINDS[kind], "香樟", language)
        assert text.count("香樟") >= 3, kind  # community, site, role
        assert "05:30–08:30" in text, kind
        assert "12000000001" in text, kind
        assert re.search(rf"{settings.PUBLIC_URL}/a/\S{{24}}", text), kind


@pytest.mark.parametrize("kind", ["call_up", "opened", "broadcast", "duty_notice"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_call_and_a_notice_say_whom_to_call(kind, language):
    assert "12000000001" in rendered(KINDS[kind], "香樟", language)[1]
