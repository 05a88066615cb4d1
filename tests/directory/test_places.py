"""Places blurred, and distances."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imp_wagtail.directory.models import Teacher
from imp_wagtail.directory.places import DEGREE_KM, blurred, distance

#: How exactly a point may be given, in kilometres.
DEGREES = [spot.value for spot in Teacher.Spot if spot]
points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
exactness = st.sampled_from(DEGREES)


@given(points, exactness)
@example((90.0, 180.0), 2)
@example((-90.0, -180.0), 20)
@example((0.0, 180.0), 5)
def test_a_blurred_point_stays_when_it_is_blurred_again(point: tuple[float, float], km: int) -> None:
    once = blurred(*point, km)

    assert blurred(*once, km) == once


@given(points, exactness)
@example((90.0, 0.0), 20)
@example((-90.0, 180.0), 20)
def test_a_blurred_point_is_on_the_globe_and_in_the_same_square(point: tuple[float, float], km: int) -> None:
    latitude, longitude = blurred(*point, km)

    assert -90 <= latitude <= 90
    assert -180 <= longitude <= 180
    # Half of the diagonal; the sides are a little longer than asked for, and more so beside a pole.
    assert distance(point, (latitude, longitude)) <= km * 0.75 or abs(latitude) > 85


@given(st.floats(-85, 85), st.floats(-180, 180), exactness)
def test_the_points_around_a_middle_share_it(latitude: float, longitude: float, km: int) -> None:
    """No square is smaller than asked for, anywhere: whoever is so near to a middle has the same one."""
    middle = blurred(latitude, longitude, km)
    north = km * 0.49 / DEGREE_KM
    east = north / math.cos(math.radians(middle[0]))
    around = [(middle[0] + up * north, middle[1] + right * east) for up in (-1, 0, 1) for right in (-1, 0, 1)]

    assert {blurred(*point, km) for point in around if abs(point[1]) <= 180} == {middle}


@given(st.floats(-90, 90), exactness)
def test_the_date_line_is_one_line(latitude: float, km: int) -> None:
    assert blurred(latitude, 180.0, km) == blurred(latitude, -180.0, km)


@pytest.mark.parametrize("km", DEGREES)
def test_neighbours_cannot_be_told_apart_and_others_can(km: int) -> None:
    utrecht, lyon = (52.09083, 5.12222), (45.74906, 4.84789)
    middle = blurred(*utrecht, km)

    assert middle != utrecht
    assert blurred(middle[0] + 0.004, middle[1] - 0.004, km) == middle
    assert blurred(*lyon, km) != middle


def test_distances_are_in_kilometres_as_the_crow_flies() -> None:
    utrecht, lyon, suva, apia = (52.09083, 5.12222), (45.74906, 4.84789), (-18.1416, 178.4415), (-13.8333, -171.7667)

    assert distance(utrecht, lyon) == pytest.approx(705, abs=3)
    assert distance(suva, apia) == pytest.approx(1150, abs=15)
    assert distance(utrecht, utrecht) == 0
    assert distance((90, 0), (-90, 0)) == pytest.approx(20015, abs=1)


@given(points, points)
@example((-15.0, 30.0), (15.0, -150.0))
def test_nothing_is_farther_than_half_around_the_globe(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert 0 <= distance(one, other) <= 20016
    assert distance(one, other) == pytest.approx(distance(other, one))
