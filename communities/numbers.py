"""Numbers that stand in an address or a form. What is none is no error of ours, and names nothing."""

from collections.abc import Iterable

DIGITS = 18  # as many as surely fit the id of a row


def number_in(text: str | None) -> int | None:
    """The whole number written there, in the digits 0 to 9 alone; None for anything else, and for one too long."""
    written = text or ""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= DIGITS else None


def numbers_in(texts: Iterable[str]) -> list[int]:
    """Those that are numbers, in their order."""
    return [found for text in texts if (found := number_in(text)) is not None]
