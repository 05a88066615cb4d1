"""Towns as the package describes them: a few, with the names that tests look for."""

from typing import Any

from imp_wagtail.directory.towns.source import TownRecord


def record(number: int, name: str, country: str, admin: str, *others: str, **values: Any) -> TownRecord:
    return TownRecord(
        **{
            "geonameid": number,
            "name": name,
            "countrycode": country,
            "admin1code": admin,
            "alternatenames": list(others),
            "latitude": 50.0,
            "longitude": 10.0,
            "population": 20000,
            **values,
        }
    )


LYON = record(
    2996944, "Lyon", "FR", "84", "LYS", "Lión", "Lugdunum", "Λυών", "Лион", "ليون", "里昂",
    latitude=45.74906, longitude=4.84789, population=520774,
)  # fmt: skip
UTRECHT = record(
    2745912, "Utrecht", "NL", "09", "UTC", "Oetrecht", "Утрехт", "乌德勒支",
    latitude=52.09083, longitude=5.12222, population=376435,
)  # fmt: skip
FRANKFURT_MAIN = record(
    2925533, "Frankfurt am Main", "DE", "05", "FRA", "Frankfurt", "Francfort",
    latitude=50.11552, longitude=8.68417, population=650000,
)  # fmt: skip
FRANKFURT_ODER = record(
    2925535, "Frankfurt (Oder)", "DE", "11", "Frankfurt", "Frankfurt an der Oder",
    latitude=52.34714, longitude=14.55062, population=57107,
)  # fmt: skip
LEON = record(3118532, "León", "ES", "55", "ليون", population=125317)
PORTLAND_OREGON = record(5746545, "Portland", "US", "OR", population=652503)
PORTLAND_MAINE = record(4975802, "Portland", "US", "ME", population=66881)

TOWNS = [LYON, UTRECHT, FRANKFURT_MAIN, FRANKFURT_ODER, LEON, PORTLAND_OREGON, PORTLAND_MAINE]
