"""Short ways to say what a line of a chain list is expected to mean."""

from staffing.rules import chain

PLAIN = {"head_count": 1, "cancelled": False, "proxy": False, "question": False}


def entry(line: str) -> chain.Entry:
    (found,) = chain.parse(f"#接龙\n标题\n\n1. {line}").entries
    return found


def meaning(line: str) -> dict[str, object]:
    """The fields that are set, but the position and the comment."""
    found = entry(line)
    fields = {name: getattr(found, name) for name in ("name", "head_count", "phone", "role", "time")}
    fields |= {name: getattr(found.address, name) for name in ("building", "entrance", "flat")}
    fields |= {name: getattr(found.flags, name) for name in ("cancelled", "proxy", "question")}
    return {name: value for name, value in fields.items() if value is not None and value != PLAIN.get(name)}


def rows(text: str) -> list[tuple[int | None, str | None]]:
    return [(found.position, found.name) for found in chain.parse(text).entries]
