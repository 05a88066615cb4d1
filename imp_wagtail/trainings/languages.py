"""What the pages of one training have in common in all languages, and which of them says it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

#: The facts of a training: days, numbers, and whatever is chosen from a list. All else is words.
SHARED = (
    "starts",
    "ends",
    "year_only",
    "start_time",
    "end_time",
    "time_zone",
    "previous_starts",
    "previous_ends",
    "country",
    "format",
    "languages",
    "pathway",
    "status",
    "capacity",
    "application_opens",
    "application_closes",
)
#: Words that say where to go. They follow the source's until somebody gives them in the other language.
FOLLOWING = (("venue", "town"), ("application_url", "application_email"))
#: Rows that are shared as well. What a price is called is words, and so is what is said of a picture.
ROWS = ("training_trainers", "prices", "pictures")


class Price(NamedTuple):
    label: str
    amount: Decimal
    currency: str


def owner_of(page: Any) -> Any:
    """The page that owns the facts of a training: the published one in the site's default language, else the oldest.

    One that is not published owns them only where none is. A page that nobody translated yet owns its own; aliases
    own nothing, they are what their original is.
    """
    if page.alias_of_id:
        return owner_of(page.alias_of.specific)
    return type(page).objects.of_training(page.translation_key).in_owning_order().first() or page


def bring(owner: Any, page: Any) -> list[str]:
    """Give a page in another language, or a version of it, the owner's facts. Nothing is saved.

    Returns the names of what changed: nothing if it is done again.
    """
    changed = [name for name in SHARED if getattr(page, name) != getattr(owner, name)]
    for name in changed:
        setattr(page, name, getattr(owner, name))
    changed += [name for group in FOLLOWING if _follows(owner, page, group) for name in _given(owner, page, group)]
    rows = zip(ROWS, (_trainers, _prices, _pictures), strict=True)
    return changed + [name for name, brought in rows if brought(owner, page)]


def _follows(owner: Any, page: Any, group: tuple[str, ...]) -> bool:
    """Whether these words are none of the page's own: there are none, or the owner had the same once."""
    words = {name: getattr(page, name) for name in group}
    if words == {name: getattr(owner, name) for name in group}:
        return False
    had = {f"content__{name}": word for name, word in words.items()}
    return not any(words.values()) or owner.revisions.filter(**had).exists()


def _given(owner: Any, page: Any, group: tuple[str, ...]) -> list[str]:
    changed = [name for name in group if getattr(page, name) != getattr(owner, name)]
    for name in changed:
        setattr(page, name, getattr(owner, name))
    return changed


def _trainers(owner: Any, page: Any) -> bool:
    wanted = [row.trainer_id for row in owner.training_trainers.all()]
    rows = list(page.training_trainers.all())
    if [row.trainer_id for row in rows] == wanted:
        return False
    _set_rows(page.training_trainers, rows, [{"trainer_id": trainer} for trainer in wanted])
    return True


def _prices(owner: Any, page: Any) -> bool:
    rows = list(page.prices.all())
    there = prices_of(page)
    labels = _labels(owner, there)
    wanted = [price._replace(label=labels.get(price.label, price.label)) for price in prices_of(owner)]
    if there == wanted:
        return False
    _set_rows(page.prices, rows, [price._asdict() for price in wanted])
    return True


def _pictures(owner: Any, page: Any) -> bool:
    rows = list(page.pictures.all())
    there = [_picture(row) for row in rows]
    own = {picture["image_id"]: picture for picture in reversed(there)}
    wanted = [own.get(row.image_id) or _picture(row) for row in owner.pictures.all()]
    if there == wanted:
        return False
    _set_rows(page.pictures, rows, wanted)
    return True


def _picture(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("image_id", "alternative", "caption")}


def prices_of(page: Any) -> list[Price]:
    return [Price(row.label, row.amount, row.currency) for row in page.prices.all()]


def _labels(owner: Any, there: list[Price]) -> dict[str, str]:
    """What the owner's labels are called on a page with these prices: those of the owner that it was last given."""
    amounts = [price[1:] for price in there]
    for known in _known_prices(owner):
        if [price[1:] for price in known] == amounts:
            return {price.label: own.label for price, own in zip(known, there, strict=True)}
    return {}


def _known_prices(owner: Any) -> Iterator[list[Price]]:
    """The owner's prices as they are, and as they were, the latest first."""
    yield prices_of(owner)
    for rows in owner.revisions.order_by("-pk").values_list("content__prices", flat=True).iterator(chunk_size=20):
        yield [Price(row["label"], Decimal(row["amount"]), row["currency"]) for row in rows or []]


def _set_rows(relation: Any, rows: list[Any], wanted: list[dict[str, Any]]) -> None:
    """Rows are kept as far as they go: a form that somebody has open names them."""
    kept = [*rows[: len(wanted)], *(relation.model() for _ in wanted[len(rows) :])]
    for place, (row, values) in enumerate(zip(kept, wanted, strict=True)):
        row.sort_order = place
        for name, value in values.items():
            setattr(row, name, value)
    relation.set(kept)
