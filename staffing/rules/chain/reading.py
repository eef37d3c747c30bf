"""One entry of a chain list: its text in, its fields out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from staffing.rules.chain import cancels, clocks, labels, phones, places, proxies, questions, roles, times
from staffing.rules.chain.characters import TAKEN, fold
from staffing.rules.chain.counts import Count, head_count
from staffing.rules.chain.entries import NO_FLAGS, NOWHERE, Address, Entry, Flags
from staffing.rules.chain.labels import Labelled
from staffing.rules.chain.lines import Line
from staffing.rules.chain.names import HONORIFIC, can_be_name, is_full_name
from staffing.rules.chain.naming import OPENING_MARKS, Name, find_name
from staffing.rules.chain.sheet import Sheet, Span
from staffing.rules.chain.words import Kind, Word, words_in

LONGEST = 1000  # characters of one entry that are read; nobody writes more about themselves


@dataclass(frozen=True, slots=True)
class Heading:
    """What a section heading gives to the entries below it that do not say it themselves."""

    role: str | None = None
    time: str | None = None
    address: Address = NOWHERE


NO_HEADING = Heading()


@dataclass(slots=True)
class Item:
    """The text of one entry, as written and with its keywords folded, letter by letter alike."""

    position: int | None
    text: str
    folded: str
    struck: bool = False
    heading: Heading = NO_HEADING


def read(item: Item) -> Entry:
    """The order matters: what is certain is taken first; what is left over is name and comment."""
    sheet = Sheet(item.text[:LONGEST], item.folded[:LONGEST])
    crossed = cancels.crossed_out(sheet)
    said = labels.labelled(sheet)
    phone, clock, address = phones.take(sheet), clocks.take(sheet), places.take(sheet)
    proxy = proxies.take(sheet)
    words = words_in(sheet.free)
    asked = questions.questions(sheet.free, words)
    people = head_count(hidden(sheet.free, asked), outside(words, asked))
    if people.spans:
        sheet.take(*people.spans)
        words = [word for word in words if TAKEN not in sheet.free[word.start : word.end]]
    name = Name(proxy.name) if proxy and proxy.name else find_name(sheet, words, asked, said.name_from)
    words = outside(words, [*asked, *([name.span] if name else [])])
    role = roles.role(sheet.free, words, clock.end if clock else None)
    time = times.part_of_day(sheet.free, words)
    cancelled = cancels.cancelling(sheet.free, words, has_clock=clock is not None)
    used = [*([role.word] if role.word else []), *time.words, *cancelled, *fillers(words)]
    return Entry(
        position=item.position,
        name=written(sheet, name) if name else None,
        head_count=number_of_people(said, people, name),
        phone=phone,
        address=under(item.heading.address, labels.completed(address, said)),
        role=role.value or item.heading.role,
        time=(clock.value if clock else said.time or time.value) or item.heading.time,
        comment=sheet.rest([*([name.span] if name else []), *((word.start, word.end) for word in used)]),
        flags=flags(item.struck or crossed or bool(cancelled), proxy is not None, bool(asked)),
    )


def flags(cancelled: bool, proxy: bool, question: bool) -> Flags:
    return Flags(cancelled, proxy, question) if cancelled or proxy or question else NO_FLAGS


def written(sheet: Sheet, name: Name) -> str:
    called = sheet.written(name.span)
    return called.replace(" ", "") if name.spaced else called


def hidden(free: str, spans: Iterable[Span]) -> str:
    for start, end in spans:
        free = f"{free[:start]}{TAKEN * (end - start)}{free[end:]}"
    return free


def outside(words: Sequence[Word], spans: Sequence[Span]) -> list[Word]:
    if not words or not spans:
        return list(words)
    return [word for word in words if not any(start < word.end and word.start < end for start, end in spans)]


def fillers(words: Iterable[Word]) -> list[Word]:
    return [word for word in words if word.kind is Kind.FILLER]


def number_of_people(said: Labelled, people: Count, name: Name | None) -> int:
    """Two names side by side are two people, unless a number is given."""
    beside = 2 if name and name.second and people.people == 1 else people.people
    return said.people or beside


def under(heading: Address, own: Address) -> Address:
    """The heading's building, and its entrance, hold for who names none."""
    if own.building or not heading.building:
        return own
    return Address(heading.building, own.entrance or heading.entrance, own.flat)


def begins_with_name(line: Line) -> bool:
    """Whether an unnumbered line may be an entry: a name in front that is no remark, and more if it is a nickname."""
    entry = read(Item(None, line.plain, line.folded))
    folded = fold(entry.name or "")
    if (
        not folded
        or not line.folded.lstrip(OPENING_MARKS).startswith(folded.split()[0])
        or not can_be_name(folded, opens=False)
    ):
        return False
    says_more = (
        entry.phone or entry.address or entry.role or entry.time or entry.head_count > 1 or entry.flags.cancelled
    )
    return bool(says_more) or is_full_name(folded) or bool(HONORIFIC.fullmatch(folded))
