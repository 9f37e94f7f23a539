"""Turns a JSON value into the value a Django field compares with."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from .values import as_kind, not_comparable, to_datetime

# In this order: a DateTimeField is also a DateField.
KINDS: list[tuple[Any, Any]] = [
    ((models.CharField, models.TextField, models.FileField, models.FilePathField), str),
    (models.GenericIPAddressField, str),
    (models.BooleanField, bool),
    (models.IntegerField, int),
    (models.FloatField, float),
    (models.DecimalField, decimal.Decimal),
    (models.DateTimeField, dt.datetime),
    (models.DateField, dt.date),
    (models.TimeField, dt.time),
    (models.UUIDField, uuid.UUID),
]


def python_type(field: Any) -> Any:
    """The Python type of a field's values, that of the key for a foreign key; None for other fields."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    field = getattr(field, "output_field", field)  # a GeneratedField holds what its expression gives
    return next((kind for classes, kind in KINDS if isinstance(field, classes)), None)


def coerce(name: str, field: Any, value: Any) -> Any:
    """RequestError naming the value and the expected type."""
    kind = python_type(field)
    if kind is None:
        raise not_comparable(name, type(field).__name__)
    if kind is dt.datetime:
        # Without USE_TZ the rows hold the wall clock of TIME_ZONE.
        zone = dt.timezone.utc if settings.USE_TZ else timezone.get_default_timezone()
        return to_datetime(name, value, bool(settings.USE_TZ), zone)
    return as_kind(name, kind, value)
