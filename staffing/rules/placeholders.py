"""Placeholders in words that people write: {name} is the reader's first name, and so on."""

import re
from collections.abc import Iterable, Mapping

ALWAYS = ("name", "community", "contact")
OF_A_CALL = ("call", "when", "link")
KNOWN = (*ALWAYS, *OF_A_CALL)
BRACES = re.compile(r"\{([^{}]*)\}")
HEALTH = re.compile(
    r"阳性|确诊|密接|密切接触者|感染者|无症状|\binfected\b|\btested positive\b|\bclose contacts?\b|\bpositive cases?\b",
    re.I,
)
FOREIGN = re.compile(r"https?://|www\.", re.I)


def used(text: str) -> set[str]:
    return set(BRACES.findall(text))


def problems(text: str, *, of_a_call: bool) -> list[str]:
    """Codes of what is wrong: braces that do not fit, a word nobody knows, one that needs a call, words about somebody's
    health, and addresses of other sites.
    """
    rest = BRACES.sub("", text)
    found = ["braces"] if "{" in rest or "}" in rest else []
    if used(text) - set(KNOWN):
        found.append("unknown_placeholder")
    if not of_a_call and used(text) & set(OF_A_CALL):
        found.append("placeholder_needs_call")
    if HEALTH.search(text):
        found.append("health_words")
    if FOREIGN.search(text):
        found.append("foreign_link")
    return found


def all_problems(words: Mapping[str, str], *, of_a_call: bool) -> dict[str, list[str]]:
    """By field, those that have any."""
    found = {field: problems(text, of_a_call=of_a_call) for field, text in words.items()}
    return {field: codes for field, codes in found.items() if codes}


def filled(text: str, values: Mapping[str, str]) -> str:
    """What has no value stays out; a value is never read for placeholders again."""
    return BRACES.sub(lambda found: values.get(found[1], ""), text)


def parts(texts: Iterable[str]) -> int:
    """How many text messages the longest becomes: 70 letters, or 67 each; 160 and 153 where all are plain ASCII."""
    return max((pieces(text) for text in texts), default=0)


def pieces(text: str) -> int:
    whole, each = (160, 153) if text.isascii() else (70, 67)
    return 1 if len(text) <= whole else -(-len(text) // each)
