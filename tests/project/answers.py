"""The answers of Django itself and of our adapters, in one form."""

import asyncio
import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any, cast

from django_differences import ASK_DJANGO
from hypothesis import reject

from aksara_agent.project.description import QueryRequest
from aksara_agent.project.failures import QueryError
from aksara_agent.project.project import Project


def ask_django(shop: Path, expressions: list[str]) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-B", "-c", textwrap.dedent(ASK_DJANGO)],
        cwd=shop,
        input=json.dumps(expressions),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return cast(list[Any], json.loads(done.stdout))


def comparable(value: Any) -> Any:
    """Numbers as numbers: one side keeps the scale of a decimal, the other does not."""
    try:
        return value if isinstance(value, bool) else round(float(value), 6)
    except (TypeError, ValueError):
        return value


async def rows_of(project: Project, request: dict[str, Any]) -> list[list[Any]]:
    page = await project.query(cast(QueryRequest, request))
    return [[comparable(value) for value in row.values()] for row in page["rows"]]


def slugs(project: Project, product: str, filters: dict[str, Any]) -> list[str]:
    request = {"model": product, "fields": ["slug"], "filters": filters}
    try:
        return [row["slug"] for row in asyncio.run(project.query(cast(QueryRequest, request)))["rows"]]
    except QueryError as error:
        assert "nested deeper" in str(error)
        reject()
