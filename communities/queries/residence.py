"""What the residence rule needs: every place by its names, and the compounds whose names sound alike (pg_trgm)."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from communities.models import Area, Building, Compound, PlaceAlias
from communities.rules.residence import Gazetteer, Guess, Home, How, place_of


def gazetteer() -> Gazetteer:
    """Four queries, whatever the size of the city."""
    houses: defaultdict[int, set[str]] = defaultdict(set)
    for compound, no in Building.objects.values_list("compound", "no"):
        houses[compound].add(no)
    found = Compound.objects.order_by("pk").values_list("pk", "name", "name_en", "community__path")
    homes = [
        Home(pk, tuple(filter(None, names)), tuple(map(int, path.strip("/").split("/"))), frozenset(houses[pk]))
        for pk, *names, path in found
    ]
    areas = {pk: list(filter(None, names)) for pk, *names in Area.objects.values_list("pk", "name", "name_en")}
    return Gazetteer(homes, areas, dict(PlaceAlias.objects.values_list("text", "compound")))


NEAR = """
    select t.no, c.id, c.alike
    from unnest(%s::text[]) with ordinality t (part, no)
    cross join lateral (
        select id, similarity(name, t.part) as alike from communities_compound where name %% t.part
        order by 2 desc, id limit 5
    ) c
"""


def near(parts: list[str]) -> dict[str, list[tuple[int, float]]]:
    """For each of these names the compounds that are written alike, with how alike (0 to 1); one query."""
    found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [parts])
        for no, compound, alike in cursor.fetchall():
            found[parts[no - 1]].append((compound, alike))
    return found


class Matcher:
    """Guesses for any number of texts; the same text is thought about once."""

    def __init__(self) -> None:
        self.places = gazetteer()
        self.known: dict[str, Guess] = {}

    def guesses(self, texts: Iterable[str]) -> dict[str, Guess]:
        wanted = {text for text in texts if text}
        new = {text: self.places.guess(text) for text in wanted if text not in self.known}
        unheard = [text for text, guess in new.items() if guess.how is How.NOTHING and place_of(text)]
        alike = self.alike(unheard)
        self.known |= {text: self.places.weighed(guess, text, alike.get(text, ())) for text, guess in new.items()}
        return {text: self.known[text] for text in wanted}

    def alike(self, texts: list[str]) -> dict[str, list[tuple[int, float]]]:
        parts = {text: self.places.read(text).part or place_of(text) for text in texts}
        found = near(sorted(set(parts.values()))) if parts else {}
        return {text: found.get(part, []) for text, part in parts.items()}
