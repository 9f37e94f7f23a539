"""Builds the Aksara shop: an interpreter with the framework, files, migrations by its own commands, rows."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from aksara_shop_files import AKSARA_SHOP, SEED
from psycopg.conninfo import conninfo_to_dict

from aksara_agent.project.project import Project

FRAMEWORK = "aksara-framework==0.7.2"


class AksaraShop(NamedTuple):
    """A project with its interpreter and the URL of its database."""

    root: Path
    python: Path
    url: str

    def open(self) -> Project:
        return Project.open(self.root, python=self.python)


def interpreter() -> Path:
    """A virtual environment with the framework, made once for a machine: it pins other versions than ours.

    Kept in the folder for temporary files. The test is skipped when the framework cannot be installed.
    """
    home = Path(tempfile.gettempdir()) / "aksara-venv"
    python, done = home / "bin" / "python", home / "complete"
    with Path(f"{home}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one of several test processes makes it
        if not done.exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", FRAMEWORK]
            installed = subprocess.run(pip, capture_output=True, text=True, check=False)
            if installed.returncode:
                pytest.skip(f"{FRAMEWORK} cannot be installed: {installed.stderr[-300:]}")
            done.touch()
    return python


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    return root


def run(python: Path, root: Path, *command: str, text: str | None = None, **environment: str) -> str:
    """The output of a Python command of the project, as its developer would run it."""
    done = subprocess.run(
        [str(python), "-B", *command],
        cwd=root,
        env={"PATH": os.environ["PATH"]} | environment,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def new_database(server: str, name: str, template: str = "template1") -> str:
    """The URL of a database as Aksara takes it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"postgresql://postgres:hunter2@/{name}?host={conninfo_to_dict(server)['host']}"


def build(shop: AksaraShop) -> AksaraShop:
    """The shop with applied migrations and rows."""
    settings = AKSARA_SHOP["settings.py"].replace("{database_url}", shop.url)
    write(shop.root, AKSARA_SHOP | {"settings.py": settings})
    migrate(shop, "initial")
    run(shop.python, shop.root, "-c", textwrap.dedent(SEED))
    return shop


def migrate(shop: AksaraShop, name: str) -> None:
    """Aksara's commands read the environment, not the settings."""
    for command in (["makemigrations", "--app", "app.models", "--name", name], ["migrate"]):
        run(shop.python, shop.root, "-m", "aksara", *command, DATABASE_URL=shop.url)


def copy(shop: AksaraShop, to: Path, url: str) -> AksaraShop:
    """The shop's files with a database of its own."""
    root = Path(shutil.copytree(shop.root, to / "aksara_shop"))
    edit(root / "settings.py", shop.url, url)
    return AksaraShop(root, shop.python, url)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
