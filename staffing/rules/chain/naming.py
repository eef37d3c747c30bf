"""Which piece of an entry is the name, and how much of it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from staffing.rules.chain.names import HAN, LATIN, STOP, TITLES, can_be_name, is_full_name
from staffing.rules.chain.sheet import Piece, Sheet, Span
from staffing.rules.chain.words import Kind, Word

GLUE = re.compile(
    "(?:可以|愿意|想当?|能够?|会|报|做|申请|我来|我|负责|擅长|优先|希望|只能|主要|帮忙|一起|或者?|意向|岗位|(?<!可)可(?!可)|[要去来当也选只还就先都是为帮和跟与及])+$"
)
SOFT = re.compile("[要去来当也选只还就先都是为帮和跟与及]$")
LEAD = re.compile(
    "(?:可以|愿意|想当?|能够?|会|报|做|申请|我来|要|去|来|当|也|我|负责|擅长|优先|选|希望|只能|只|还|就|先|都|主要|可)*"
)
ENDING = re.compile(
    "(?:岗位?|组|员|志愿者?|类|队|班|方面|工作|吧|了|啊|呀|哦|哈|一下|的|即可|等|人员|服务|来|去|也行|也可以|和|或|或者)*"
)
GREETS = frozenset({Kind.FILLER, Kind.PROXY, Kind.DAY})
NICK = re.compile("[老小阿大].$")
PAIR = re.compile("(?P<one>.{2,4})和(?P<two>.{2,3})")
SECOND = re.compile(r"\s?、\s?(?P<two>[\u3400-\u9fff]{2,3})(?![\u3400-\u9fffa-z\d])")

OPENING_MARKS = " ~*•·@.,、:;-_#()【】[]\"“”'《》「」\ue002\t"

RARE = frozenset(
    "能有会可要从全都自时后相单党后应车海通向连易常"
)  # as family names; in a list of fields they begin remarks


class Name(NamedTuple):
    """`span` holds words that count for nothing; `second` is another person named beside; `spaced`: 马 麟."""

    span: Span
    second: Span | None = None
    spaced: bool = False


class Core(NamedTuple):
    """What is left of a piece without the words glued to it."""

    start: int
    end: int
    cut: bool


def find_name(sheet: Sheet, words: Sequence[Word], asked: Sequence[Span], name_from: int | None) -> Name | None:
    """The first piece that can be a name; a label says where to begin."""
    if name_from is not None and (found := labelled(sheet, words, name_from)):
        return found
    opens = True
    for whole in sheet.pieces():
        piece = unasked(whole, asked) if asked else whole
        if not piece:
            continue
        opens = opens and not sheet.free[: piece.start].strip(OPENING_MARKS)
        if found := name_at(sheet, piece, words, opens=opens):
            return found
        opens = opens and is_greeting(piece, words)
    return None


def unasked(piece: Piece, asked: Sequence[Span]) -> Piece | None:
    """What of the piece stands in front of a question, if one is in it."""
    end = min((start for start, end in asked if start < piece.end and piece.start < end), default=piece.end)
    return Piece(piece.start, end) if piece.start < end else None


def is_greeting(piece: Piece, words: Sequence[Word]) -> bool:
    return any(word.kind is Kind.FILLER and word.start <= piece.start and word.end >= piece.end for word in words)


def labelled(sheet: Sheet, words: Sequence[Word], name_from: int) -> Name | None:
    piece = next(sheet.pieces(name_from), None)
    if not piece or sheet.free[name_from : piece.start].strip(" @*"):
        return None
    return name_at(sheet, piece, words, opens=True)


def name_at(sheet: Sheet, piece: Piece, words: Sequence[Word], *, opens: bool) -> Name | None:
    free = sheet.free
    if LATIN.match(free, piece.start):
        return latin_name(sheet, piece, words)
    core = without_words(free, piece, words)
    if core.start >= core.end:
        return None
    if core.end - core.start == 1:
        return short_name(sheet, piece, words, core)
    both = PAIR.fullmatch(free, core.start, core.end)
    if both and is_full_name(both["one"]) and is_full_name(both["two"]):
        return Name(both.span("one"), both.span("two"))
    called = free[core.start : core.end]
    if can_be_name(called, opens=opens) or (core.cut and is_full_name(called)):
        return Name((core.start, core.end), beside(free, core.end, words))
    return None


def beside(free: str, end: int, words: Sequence[Word]) -> Span | None:
    """A second person joined by 、 — two or three characters that begin with a family name."""
    hit = SECOND.match(free, end)
    if not hit or not is_full_name(hit["two"]) or hit["two"][0] in RARE:
        return None
    start, end = hit.span("two")
    return None if any(word.start < end and start < word.end for word in words) else (start, end)


def short_name(sheet: Sheet, piece: Piece, words: Sequence[Word], core: Core) -> Name | None:
    """One character: half of a spaced-out name, a whole nickname such as 老司机, or a family name."""
    free = sheet.free
    if core.end == piece.end and (end := other_half(sheet, words, core)):
        return Name((core.start, end), spaced=True)
    if core.cut and not GLUE.fullmatch(free, core.start, core.end) and not ENDING.fullmatch(free, core.start, core.end):
        return Name(without_greeting(free, piece, words))
    single = free[core.start : core.end]
    return Name((core.start, core.end)) if not core.cut and can_be_name(single, opens=False) else None


def other_half(sheet: Sheet, words: Sequence[Word], core: Core) -> int | None:
    """Where 马 麟 ends: a second single character behind nothing but white space."""
    free = sheet.free
    other = next(sheet.pieces(core.end), None)
    if not other or not HAN.match(free, core.start) or sheet.folded[core.end : other.start].strip():
        return None
    rest = without_words(free, other, words)
    alone = rest.start == other.start and rest.end == rest.start + 1
    return rest.end if alone and HAN.match(free, rest.start) else None


def without_greeting(free: str, piece: Piece, words: Sequence[Word]) -> Span:
    start, end = piece
    for word in words:
        if word.kind is Kind.FILLER and word.start == start < word.end < end:
            start = word.end
        if word.kind is Kind.FILLER and word.end == end > word.start > start:
            end = word.start
    return start, end


def without_words(free: str, piece: Piece, words: Sequence[Word]) -> Core:
    inside = [word for word in words if piece.start <= word.start and word.end <= piece.end]
    if not inside:
        return Core(piece.start, piece.end, cut=False)
    end = cut_right(free, piece, inside)
    start = cut_left(free, piece.start, end, inside)
    role_cut = any(
        word.kind not in (Kind.FILLER, Kind.PROXY) for word in inside if word.start >= end or word.end <= start
    )
    return Core(start, end, cut=role_cut)


def cut_right(free: str, piece: Piece, inside: list[Word]) -> int:
    end = piece.end
    for word in reversed(inside):
        if word.kind is Kind.PLAIN or word.end > end or not ENDING.fullmatch(free, word.end, end):
            if word.end <= end:
                break
            continue
        end = word.start
        end = without_glue(free, piece.start, end)
    return end


def without_glue(free: str, start: int, end: int) -> int:
    """ "王强可以敲门": what leads over to the word goes too, unless a nickname ends like that."""
    glue = GLUE.search(free, start, end)
    if not glue or glue.start() - start == 1:
        return end
    soft = SOFT.search(free, start, end) and glue.start() > start
    return end if soft and not is_full_name(free[start : glue.start()]) else glue.start()


def cut_left(free: str, start: int, end: int, inside: list[Word]) -> int:
    for word in inside:
        if word.kind is Kind.PLAIN or word.end > end or not LEAD.fullmatch(free, start, word.start):
            break
        after = ENDING.match(free, word.end, end)
        rest = min(after.end() if after else word.end, end)
        if word.kind in GREETS:
            start = word.end
        elif rest == end or is_full_name(free[word.end : end]) or NICK.fullmatch(free, word.end, end):
            start = word.end if rest != end else end
        else:
            break
    return start


def latin_name(sheet: Sheet, first: Piece, words: Sequence[Word]) -> Name | None:
    """ "Mike Zhang Bldg 3" -> Mike Zhang: over following capitalised words up to the next field word."""
    free, text = sheet.free, sheet.text
    if is_word(first, words) or free[first.start : first.end] in STOP:
        return None
    core = without_words(free, first, words)
    end = core.end if core.end > core.start and HAN.search(free, first.start, first.end) else first.end
    for piece in sheet.pieces(first.end):
        gap = sheet.folded[end : piece.start]
        joined = gap in (" ", "  ") or (gap == ". " and free[first.start : end] in TITLES)
        if not joined or not text[piece.start].isupper() or not text[piece.start].isascii() or is_word(piece, words):
            break
        if free[piece.start : piece.end] in STOP or HAN.match(free, piece.start):
            break
        end = piece.end
    return Name((first.start, end), beside(free, end, words))


def is_word(piece: Piece, words: Sequence[Word]) -> bool:
    return any(word.start <= piece.start and piece.end <= word.end for word in words)
