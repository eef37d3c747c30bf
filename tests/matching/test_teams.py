"""Teams that are alike: in size, in homes, in skills; the same for the same seed; quickly for a whole city."""

import time
from collections import Counter
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from staffing.matching.teams import split
from staffing.rules.teams import Candidate, balance

PEOPLE = st.lists(st.tuples(st.integers(0, 5), st.frozensets(st.integers(0, 3), max_size=3)), min_size=1, max_size=40)


def arrays(people):
    skills = np.zeros((len(people), 4), np.int64)
    for number, (_home, can) in enumerate(people):
        skills[number, sorted(can)] = 1
    return np.array([home for home, _can in people]), skills


def teams_of(people, number, seed=0):
    found = split(*arrays(people), number, seed)
    groups = [[] for _team in range(number)]
    for index, team in enumerate(found):
        groups[team].append(Candidate(index, *people[index]))
    return groups


def unevenness(groups):
    return sum(count**2 for group in groups for count in Counter(s for one in group for s in one.skills).values())


def exchanged(groups, one, other):
    (a, i), (b, j) = one, other
    found = [list(group) for group in groups]
    found[a][i], found[b][j] = found[b][j], found[a][i]
    return found


@given(PEOPLE, st.integers(1, 6), st.integers(0, 9))
def test_everybody_is_in_one_team_and_sizes_and_homes_differ_by_at_most_one(people, number, seed):
    groups = teams_of(people, number, seed)
    found = balance(groups)
    assert sorted(one.person for group in groups for one in group) == list(range(len(people)))
    assert max(found.sizes) - min(found.sizes) <= 1
    assert found.home_spread <= 1


@given(PEOPLE, st.integers(2, 5))
def test_no_two_people_could_change_places_to_spread_the_skills_more_evenly(people, number):
    groups = teams_of(people, number)
    now = unevenness(groups)
    places = [(team, index) for team, group in enumerate(groups) for index in range(len(group))]
    for one, other in combinations(places, 2):
        tried = exchanged(groups, one, other)
        assert unevenness(tried) >= now or balance(tried).home_spread > balance(groups).home_spread


@given(PEOPLE, st.integers(1, 5), st.integers(0, 99))
def test_the_same_seed_gives_the_same_teams(people, number, seed):
    assert teams_of(people, number, seed) == teams_of(people, number, seed)


def crowd(people, homes, seed=1):
    chance = np.random.default_rng(seed)
    likely = np.array([0.5, 0.3, 0.1, 0.05, 0.02, 0.4])
    return chance.integers(0, homes, people), (chance.random((people, len(likely))) < likely).astype(np.int64)


def spreads(found, skills, teams):
    have = np.zeros((teams, skills.shape[1]), np.int64)
    np.add.at(have, found, skills)
    return (have.max(axis=0) - have.min(axis=0)).tolist()


def test_122_people_of_six_districts_become_41_41_40_with_each_skill_spread_evenly():
    homes, skills = crowd(122, 6)
    found = split(homes, skills, 3, seed=2022)
    assert sorted(np.bincount(found).tolist()) == [40, 41, 41]
    assert max(spreads(found, skills, 3)) <= 1


def test_another_seed_gives_other_teams_that_are_as_even():
    homes, skills = crowd(122, 6)
    one, other = (split(homes, skills, 3, seed) for seed in (1, 2))
    assert one.tolist() != other.tolist()
    assert max(spreads(other, skills, 3)) <= 1


def test_40_000_people_in_300_teams_take_seconds():
    homes, skills = crowd(40_000, 2300)
    began = time.process_time()
    found = split(homes, skills, 300)
    assert time.process_time() - began < 20
    sizes = np.bincount(found)
    assert sizes.max() - sizes.min() <= 1
    assert max(spreads(found, skills, 300)) <= 3
