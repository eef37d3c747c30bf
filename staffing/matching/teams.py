"""People split into teams that are as alike as can be: in size, in where they live, in what they can do.

Homes are dealt out one by one, so that sizes and each home's share differ by at most one between two teams, whatever
the people. What is left free in that is used for the skills: who has rare ones is dealt first, each to the team that
has the fewest of them; then people change places as long as the sum over skills and teams of (number in the team)²
falls, which is least where each skill is spread evenly.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

type Ints = npt.NDArray[np.int64]

BLOCK = 400  # among so many, no exchange of two is left that would make it more even
STEPS = 2000


def split(homes: Ints, skills: Ints, teams: int, seed: int = 0) -> Ints:
    """The team (0 … teams - 1) of each person. `homes`: a number per person; `skills`: person x skill, 0 or 1.

    The same people in the same order and the same seed give the same teams.
    """
    chance = np.random.default_rng(seed)
    found = deal(homes, skills, teams, chance)
    even_out(found, homes, skills, teams, chance)
    return found


def deal(homes: Ints, skills: Ints, teams: int, chance: np.random.Generator) -> Ints:
    found = np.zeros(len(homes), np.int64)
    sizes, have = np.zeros(teams, np.int64), np.zeros((teams, skills.shape[1]), np.int64)
    rarity = skills @ (1.0 / np.maximum(skills.sum(axis=0), 1)) if skills.size else np.zeros(len(homes))
    luck = chance.permutation(len(homes))
    for members in of_home(homes, rarity, luck):
        hand_out(members, found, skills, sizes, have, chance.permutation(teams))
    return found


def of_home(homes: Ints, rarity: npt.NDArray[np.float64], luck: Ints) -> Iterator[Ints]:
    """The people of each home, those with rare skills first; big homes first, then those with rare skills."""
    names, which, numbers = np.unique(homes, return_inverse=True, return_counts=True)
    best = np.zeros(len(names))
    np.maximum.at(best, which, rarity)
    order = np.lexsort((luck, -rarity, which, -best[which], -numbers[which]))
    cuts = np.flatnonzero(np.diff(which[order])) + 1
    return iter(np.split(order, cuts)) if len(order) else iter(())


def hand_out(members: Ints, found: Ints, skills: Ints, sizes: Ints, have: Ints, luck: Ints) -> None:
    """To every team its whole share; what remains to the smaller teams first, one to a team."""
    share, rest = divmod(len(members), len(sizes))
    small = sizes == sizes.min()
    spare = {True: min(rest, int(small.sum())), False: max(0, rest - int(small.sum()))}
    room, took_more = np.full(len(sizes), share), np.zeros(len(sizes), bool)
    for person in members:
        more = ~took_more & ((small & (spare[True] > 0)) | (~small & (spare[False] > 0)))
        cost = have @ skills[person]
        team = int(np.lexsort((luck, cost, ~((room > 0) | more)))[0])
        if room[team] > 0:
            room[team] -= 1
        else:
            took_more[team] = True
            spare[bool(small[team])] -= 1
        found[person] = team
        have[team] += skills[person]
    sizes += share + took_more


def even_out(found: Ints, homes: Ints, skills: Ints, teams: int, chance: np.random.Generator) -> None:
    """Exchange people between teams, block by block, as long as skills become more even and homes stay as even."""
    names, which = np.unique(homes, return_inverse=True)
    living = np.zeros((len(names), teams), np.int64)
    np.add.at(living, (which, found), 1)
    have = np.zeros((teams, skills.shape[1]), np.int64)
    np.add.at(have, found, skills)
    order = np.lexsort((chance.permutation(len(homes)), chance.permutation(len(names))[which]))
    for start in range(0, len(order), BLOCK):
        settle(order[start : start + BLOCK], found, which, skills, living, have)


def settle(block: Ints, found: Ints, which: Ints, skills: Ints, living: Ints, have: Ints) -> None:
    can, home = skills[block].astype(np.float64), which[block]
    count = can.sum(axis=1)
    apart = count[:, None] + count[None, :] - 2 * can @ can.T
    same_home = home[:, None] == home[None, :]
    for _step in range(STEPS):
        team = found[block]
        saved = gain(can, have[team].astype(np.float64), apart)
        saved[~(same_home | exchangeable(home, team, living))] = 0
        one, other = np.unravel_index(np.argmin(saved), saved.shape)
        if saved[one, other] >= 0:
            return
        exchange(int(block[one]), int(block[other]), found, which, skills, living, have)


def gain(
    can: npt.NDArray[np.float64], have: npt.NDArray[np.float64], apart: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Half of what the sum of squares changes by when two people change places; for one team it is never negative."""
    cross = can @ have.T
    own = np.einsum("ij,ij->i", can, have)
    changed: npt.NDArray[np.float64] = cross + cross.T - own[:, None] - own[None, :] + apart
    return changed


def exchangeable(home: Ints, team: Ints, living: Ints) -> npt.NDArray[np.bool_]:
    """Whose homes stay as even: each goes from a team that has one more of the home to a team that has one less."""
    here = living[home, team]
    gives: npt.NDArray[np.bool_] = here[:, None] > living[home][:, team]
    return gives & gives.T


def exchange(one: int, other: int, found: Ints, which: Ints, skills: Ints, living: Ints, have: Ints) -> None:
    for person, there in ((one, found[other]), (other, found[one])):
        living[which[person], there] += 1
        have[there] += skills[person]
    for person in (one, other):
        living[which[person], found[person]] -= 1
        have[found[person]] -= skills[person]
    found[one], found[other] = found[other], found[one]
