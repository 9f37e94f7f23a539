"""The class that stands in a file of the project."""

from __future__ import annotations

import os
import sys
from typing import Any


def written_in(models: list[Any], root: str, request: dict[str, Any]) -> Any:
    """The model class written in the file asked for, or None; its module may have another name for the project."""
    named = [model for model in models if model.__qualname__ == request["name"]]
    wanted = os.path.realpath(os.path.join(root, request["file"]))
    for model in named:
        if os.path.realpath(getattr(sys.modules.get(model.__module__), "__file__", None) or "") == wanted:
            return model
    return next((model for model in named if model.__module__ == request["module"]), None)  # installed as a copy
