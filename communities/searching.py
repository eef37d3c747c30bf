"""Words that somebody looks for."""

LONGEST = 60


def words_in(text: str | None) -> str:
    """What was typed, without what no name holds: blanks around it, NUL, or more than sixty letters."""
    return (text or "").replace("\x00", "").strip()[:LONGEST]
