"""Where somebody is, as exactly as they want the public to know. Distances are kilometres, angles degrees."""

import math

#: Kilometres of one degree of latitude.
DEGREE_KM = 111.32
EARTH_KM = 6371.0


def blurred(latitude: float, longitude: float, km: int) -> tuple[float, float]:
    """The middle of the square of so many kilometres in which a point lies, or of one a little larger.

    Whoever lies in the same square gets the same middle, so that nothing can be averaged out of it; a middle stays.
    Squares fill the globe evenly: none is cut narrower at a pole, or where the last meets the first at 180 degrees.
    """
    rows = int(180 * DEGREE_KM / km)
    row = min(int((latitude + 90) / 180 * rows), rows - 1)
    middle = (row + 0.5) / rows * 180 - 90
    columns = max(int(360 * DEGREE_KM * math.cos(math.radians(middle)) / km), 1)
    column = int((longitude + 180) / 360 * columns) % columns
    return round(middle, 5), round((column + 0.5) / columns * 360 - 180, 5)


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points as the crow flies."""
    lat_1, lon_1, lat_2, lon_2 = map(math.radians, (*one, *other))
    across = math.sin((lat_2 - lat_1) / 2) ** 2
    along = math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    # Rounding may make a little more than one of what is one at the antipodes.
    return 2 * EARTH_KM * math.asin(math.sqrt(min(across + along, 1.0)))
