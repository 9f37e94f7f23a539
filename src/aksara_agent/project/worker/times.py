"""Points in time as people write them: "now-90d", "today", ISO 8601."""

from __future__ import annotations

import datetime as dt
import re

from .failures import RequestError

RELATIVE = re.compile(r"^(now|today)(?:\s*([+-])\s*(\d{1,6})\s*([smhdw]))?$")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
FORMS = "ISO 8601 such as 2026-01-31 or 2026-01-31T12:00:00, or relative: now, now-90d, now-12h, today"


def parse_moment(text: str, now: dt.datetime) -> dt.datetime:
    """An aware moment; text without a time zone means that of `now`. RequestError for anything else."""
    relative = RELATIVE.match(text.strip().lower())
    try:
        if relative:
            return relative_moment(relative, now)
        plain = text.strip()
        moment = dt.datetime.fromisoformat(plain[:-1] + "+00:00" if plain.endswith(("Z", "z")) else plain)
        return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
    except (ValueError, OverflowError):
        raise RequestError("{!r} is not a date or time; valid: {}".format(text, FORMS)) from None


def relative_moment(relative: re.Match[str], now: dt.datetime) -> dt.datetime:
    base, sign, amount, unit = relative.groups()
    start = now.replace(hour=0, minute=0, second=0, microsecond=0) if base == "today" else now
    if amount is None:
        return start
    span = dt.timedelta(**{UNITS[unit]: int(amount)})
    return start + span if sign == "+" else start - span


def current_moment() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)
