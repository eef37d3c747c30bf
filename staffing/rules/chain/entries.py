"""What is read from a chain list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """Arabic digits without leading zeros, letters in capitals; a court or a district is part of the building's name."""

    building: str | None = None
    entrance: str | None = None
    flat: str | None = None

    def __bool__(self) -> bool:
        return bool(self.building or self.entrance or self.flat)


NOWHERE = Address()


@dataclass(frozen=True, slots=True)
class Flags:
    cancelled: bool = False
    proxy: bool = False
    question: bool = False


NO_FLAGS = Flags()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list. `phone` is E.164, `time` the name of a block or "HH:MM-HH:MM"; `comment` is what is left."""

    position: int | None = None
    name: str | None = None
    head_count: int = 1
    phone: str | None = None
    address: Address = NOWHERE
    role: str | None = None
    time: str | None = None
    comment: str = ""
    flags: Flags = NO_FLAGS


@dataclass(frozen=True, slots=True)
class Chain:
    title: str | None
    entries: tuple[Entry, ...]
