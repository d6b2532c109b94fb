"""A clear excursion is found where it stands; flat and noisy series have none."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pm_agent.ingest.excursions import find_excursions


def timed(values: list[float]) -> list[tuple[float, float]]:
    return [(float(at), value) for at, value in enumerate(values)]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=200))
def test_any_series_is_read_and_places_are_in_order(values: list[float]) -> None:
    for found in find_excursions(timed(values)):
        onset = -1 if found.onset is None else found.onset
        end = len(values) if found.end is None else found.end
        assert onset <= found.peak < end <= len(values)
        assert found.extreme == values[found.peak]


@given(st.floats(-1e9, 1e9), st.integers(0, 500))
def test_a_flat_series_has_none(level: float, count: int) -> None:
    assert find_excursions(timed([level] * count)) == []


@given(st.lists(st.floats(0.7, 1.3), min_size=1, max_size=300), st.floats(1, 1e6))
def test_scatter_around_a_level_is_no_excursion(factors: list[float], level: float) -> None:
    """Whatever the pattern of values within thirty per cent of a level, nothing stands out."""
    assert find_excursions(timed([level * factor for factor in factors])) == []


@given(
    before=st.integers(6, 60),
    during=st.integers(5, 60),
    after=st.integers(6, 60),
    level=st.floats(2, 1e6),
    factor=st.floats(4, 100),
    seed=st.integers(0, 99),
)
def test_a_planted_plateau_is_found_to_the_point(
    before: int, during: int, after: int, level: float, factor: float, seed: int
) -> None:
    values = random.Random(seed)

    def around(count: int, middle: float) -> list[float]:
        return [middle * (1 + values.uniform(-0.03, 0.03)) for _ in range(count)]

    series = around(before, level) + around(during, level * factor) + around(after, level)
    (found,) = find_excursions(timed(series))
    assert (found.onset, found.end) == (before, before + during)
    assert found.rises
    assert found.usual == pytest.approx(level, rel=0.03)
    assert found.extreme == max(series)


@given(st.integers(10, 200), st.floats(0.1, 1e3), st.booleans())
def test_a_ramp_has_none(count: int, step: float, falls: bool) -> None:
    """A counter, a filling disk and a leak have no onset that a threshold could name."""
    ramp = [100 + step * at for at in range(count)]
    assert find_excursions(timed(ramp[::-1] if falls else ramp)) == []


@pytest.mark.parametrize("period", [7, 10, 24])
def test_spikes_that_come_again_and_again_are_a_habit(period: int) -> None:
    values = [10.0 if at % period < 4 else 1.0 for at in range(period * 9)]
    assert find_excursions(timed(values)) == []


def test_one_that_dwarfs_the_habit_is_told() -> None:
    values = [4.0 if at % 12 < 3 else 1.0 for at in range(120)]
    values[60:75] = [50.0] * 15
    (found,) = find_excursions(timed(values))
    assert found.onset == 60


def test_a_series_that_never_comes_back_has_no_end() -> None:
    (found,) = find_excursions(timed([1.0] * 10 + [9.0] * 8))
    assert (found.onset, found.end) == (10, None)


def test_a_series_that_begins_away_has_no_onset() -> None:
    (found,) = find_excursions(timed([9.0] * 4 + [1.0] * 60))
    assert (found.onset, found.end) == (None, 4)


def test_a_fall_of_a_ratio_near_one_counts_by_what_it_lacks() -> None:
    (found,) = find_excursions(timed([0.999] * 20 + [0.93] * 10 + [0.999] * 20))
    assert (found.onset, found.end, found.rises) == (20, 30, False)


def test_two_lost_points_are_no_outage() -> None:
    assert find_excursions(timed([1.0] * 30 + [0.0] * 2 + [1.0] * 30)) == []


def test_a_short_dip_does_not_split_an_excursion() -> None:
    values = [1.0] * 20 + [8.0] * 9 + [1.1] + [8.0] * 9 + [1.0] * 20
    (found,) = find_excursions(timed(values))
    assert (found.onset, found.end) == (20, 39)


def test_degrees_are_judged_by_degrees() -> None:
    """From 24 °C to 38 °C is no half of anything, yet a room on fire; from 24 °C to 27 °C is an afternoon."""

    def room(high: float) -> list[tuple[float, float]]:
        return [(60.0 * m, (high if 30 <= m < 50 else 24.0) + m % 3 / 10) for m in range(70)]

    assert not find_excursions(room(38.0))
    assert [(e.onset, e.end) for e in find_excursions(room(38.0), 4.0)] == [(30, 50)]
    assert not find_excursions(room(27.0), 4.0)
