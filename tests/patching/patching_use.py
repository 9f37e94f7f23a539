"""The types of the fixtures with which patching is used."""

from collections.abc import Callable

Replace = Callable[..., bytes]
