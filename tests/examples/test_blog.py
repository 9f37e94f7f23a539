"""The demo project is a real project: its own tests pass, and its migrations equal its models."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def in_project(blog: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module as a developer of the blog would."""
    return subprocess.run([sys.executable, "-m", *command], cwd=blog, capture_output=True, text=True)


def test_the_blog_s_own_tests_pass(own_blog: Path) -> None:
    done = in_project(own_blog, "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
    assert done.returncode == 0, done.stdout[-2000:]
    assert " passed" in done.stdout


def test_the_blog_s_migrations_equal_its_models(own_blog: Path) -> None:
    done = in_project(own_blog, "alembic", "check")
    assert done.returncode == 0, done.stderr[-2000:]
