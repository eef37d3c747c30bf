"""Who may ask whom to come along, and who may say yes."""

from communities.errors import Refusal

MOST = 3  # people somebody comes with


def readable(number: str) -> bool:
    """It could be a volunteer number. Whether it is one is nobody's to know."""
    return len(number) == 10 and number.isascii() and number.isdecimal()


def refusals(*counts: int) -> list[Refusal]:
    """Why no more people can come together, given how many each of them comes with already."""
    return [Refusal("companions_enough", {"most": MOST})] if any(count >= MOST for count in counts) else []
