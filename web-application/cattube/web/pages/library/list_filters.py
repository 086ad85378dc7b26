"""Filters of the library as its address and its form have them. What an address says wrongly says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.http import QueryDict
from django.utils import timezone

from cattube.search.listing.filters import Filters
from cattube.search.listing.orders import ORDERS, RELEVANCE
from cattube.search.query import parse
from cattube.videos.models import Visibility
from cattube.videos.states import Status

# Seconds from, and up to.
LENGTHS: Mapping[str, tuple[float | None, float | None]] = {
    "short": (None, 240),
    "medium": (240, 1200),
    "long": (1200, None),
}
AGES = {name: timedelta(days=days) for name, days in (("day", 1), ("week", 7), ("month", 31), ("year", 366))}


@dataclass(frozen=True)
class Select:
    """What a list is narrowed by in one respect. options: value and label of each, "" for all.

    is_own: only one's own videos differ in it. is_of_search: it says something of words alone.
    """

    name: str
    title: str
    options: Mapping[str, str]
    is_own: bool = False
    is_of_search: bool = False


SELECTS = (
    Select(
        "place",
        "Look in",
        {"": "Everywhere", "titles": "Titles", "spoken": "Spoken words"},
        is_of_search=True,
    ),
    Select(
        "length",
        "Length",
        {
            "": "Any length",
            "short": "Under 4 minutes",
            "medium": "4 to 20 minutes",
            "long": "Over 20 minutes",
        },
    ),
    Select(
        "age",
        "Age",
        {
            "": "Any time",
            "day": "Last 24 hours",
            "week": "Last 7 days",
            "month": "Last month",
            "year": "Last year",
        },
    ),
    Select("status", "State", {"": "Any state", **dict(Status.choices)}, is_own=True),
    Select("visibility", "Who can watch", {"": "Any visibility", **dict(Visibility.choices)}, is_own=True),
)
# Parameters with words of people.
_TYPED = ("q", "channel", "tag")


@dataclass(frozen=True)
class Choice:
    """A select of the form, with the value that is chosen."""

    name: str
    title: str
    options: Mapping[str, str]
    value: str

    @property
    def is_narrowing(self) -> bool:
        return bool(self.value) and "" in self.options


def chosen_in(address: QueryDict) -> dict[str, str]:
    """Value of each parameter of the library but the cursor, "" where the address says nothing."""
    chosen = {name: parse(address.get(name, "")).text for name in _TYPED}
    options = {select.name: select.options for select in SELECTS} | {"order": ORDERS}
    values = {name: address.get(name, "") for name in options}
    return chosen | {name: value if value in options[name] else "" for name, value in values.items()}


def narrowing(chosen: Mapping[str, str]) -> list[str]:
    """Names of the filters that are on, without the words that are searched for."""
    return [name for name, value in chosen.items() if value and name not in ("q", "order")]


def filters_of(chosen: Mapping[str, str]) -> Filters:
    longer, shorter = LENGTHS.get(chosen["length"], (None, None))
    age = AGES.get(chosen["age"])
    return Filters(
        query=parse(chosen["q"]),
        place=chosen["place"],
        channel=chosen["channel"],
        tag=chosen["tag"],
        status=chosen["status"],
        visibility=chosen["visibility"],
        longer=longer,
        shorter=shorter,
        after=timezone.now() - age if age else None,
    )


def choices(chosen: Mapping[str, str], *, order: str, has_own: bool, has_words: bool) -> list[Choice]:
    """Selects of the form. has_own: the viewer may have videos that others do not see."""
    shown = [
        select
        for select in SELECTS
        if (has_own or not select.is_own) and (has_words or not select.is_of_search)
    ]
    orders = {name: name.capitalize() for name in ORDERS if name != RELEVANCE}
    if has_words:
        orders = {RELEVANCE: "Best match", **orders}
    return [
        *(Choice(select.name, select.title, select.options, chosen[select.name]) for select in shown),
        Choice("order", "Sort by", orders, order),
    ]
