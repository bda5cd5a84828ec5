"""Working days: when something is due, and how many have passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import holidays

from hearback.foundation.places.queries import city

if TYPE_CHECKING:
    from hearback.foundation.places.models import City


@dataclass(frozen=True)
class WorkCalendar:
    """Which days an agency works, in its own time zone."""

    timezone: str
    workdays: frozenset[int]
    """0 for Monday to 6 for Sunday."""
    country: str = ""
    subdivision: str = ""
    days_off: frozenset[date] = frozenset()
    """Days off that the law of the place does not name."""

    def day_of(self, at: datetime) -> date:
        """The date at the agency at this moment."""
        return at.astimezone(ZoneInfo(self.timezone)).date()

    def is_working(self, day: date) -> bool:
        """Whether somebody is there to answer."""
        return (
            day.weekday() in self.workdays
            and day not in self.days_off
            and day not in _public_holidays(self.country, self.subdivision, day.year)
        )

    def due(self, start: date, *, working_days: int) -> date:
        """The day on which `working_days` working days after `start` have passed; 0 is the start itself."""
        days = self._working_days_after(start)
        return [start, *(next(days) for _ in range(working_days))][-1]

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; never below 0."""
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def _working_days_after(self, start: date) -> Iterator[date]:
        day = start
        while True:
            day += timedelta(days=1)
            if self.is_working(day):
                yield day


def agency_calendar() -> WorkCalendar:
    """The calendar of this installation's agency."""
    return calendar_of(city())


def calendar_of(place: City | None) -> WorkCalendar:
    """The same for whoever has read the city already."""
    if place is None:
        return WorkCalendar(timezone="UTC", workdays=frozenset(range(5)))
    return WorkCalendar(
        timezone=place.timezone,
        workdays=frozenset(place.workdays),
        country=place.holidays_country,
        subdivision=place.holidays_subdivision,
        days_off=frozenset(date.fromisoformat(day) for day in place.days_off),
    )


@cache
def _public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    if not country:
        return frozenset()
    return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year))
