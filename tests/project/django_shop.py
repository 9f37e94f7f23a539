"""Builds the Django shop: files, migrations by manage.py, rows."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from django_shop_files import DJANGO_SHOP, SEED


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return root


def run(root: Path, *command: str, **environment: str) -> str:
    """The output of a Python command of the project, as its developer would run it."""
    done = subprocess.run(
        [sys.executable, "-B", *command],
        cwd=root,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(root: Path, settings: str | None = None) -> Path:
    """The shop with applied migrations and rows."""
    write(root, DJANGO_SHOP if settings is None else DJANGO_SHOP | {"mysite/settings.py": settings})
    run(root, "manage.py", "makemigrations", "accounts", "shop", "archive")
    run(root, "manage.py", "migrate")
    run(root, "-c", textwrap.dedent(SEED))
    (root / "debug.log").unlink()
    return root


def copy(shop: Path, to: Path) -> Path:
    return Path(shutil.copytree(shop, to / "shop_site"))
