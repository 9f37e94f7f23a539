"""Rules of the worker's own source, and how secrets and passwords are recognised."""

import ast
from pathlib import Path

import pytest

import aksara_agent.project.worker as worker
from aksara_agent.project.worker.hidden import is_hidden
from aksara_agent.project.worker.masking import mask_password

FILES = sorted(Path(worker.__file__).parent.glob("*.py"))
ALLOWED = {
    *("__future__", "ast", "asyncio", "base64", "collections", "configparser", "contextlib", "copy", "csv"),
    *("dataclasses", "datetime"),
    *("decimal", "difflib", "enum", "functools", "hashlib", "importlib", "inspect", "json", "math", "operator", "os"),
    *("pathlib", "queue", "re", "signal", "sqlite3", "sys", "tempfile", "threading", "time", "traceback", "typing"),
    *("urllib", "uuid", "warnings"),
}
# What a project of the framework has installed; the other files are for SQLAlchemy.
FRAMEWORKS = {"aksara": {"aksara", "asyncpg"}, "django": {"django"}}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_worker_is_python_3_8_and_needs_only_what_the_project_has(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 8))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            imported.add((node.module or "").partition(".")[0])
    assert imported <= ALLOWED | FRAMEWORKS.get(path.name.partition("_")[0], {"sqlalchemy"})


def needed_at_import(path: Path) -> set[str]:
    """What importing a file of the worker imports, through its neighbours too."""
    seen: set[str] = set()
    todo = [path.stem]
    while todo:
        tree = ast.parse((path.parent / f"{todo.pop()}.py").read_text())
        for node in tree.body:
            if isinstance(node, ast.Import):
                seen |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                seen.add((node.module or "").partition(".")[0])
            elif isinstance(node, ast.ImportFrom):
                ours = {node.module} if node.module else {alias.name for alias in node.names}
                todo += [name for name in ours if name and f".{name}" not in seen]
                seen |= {f".{name}" for name in ours}
    return seen


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_serves_one_framework_needs_none_of_the_others(path: Path) -> None:
    own = path.stem.partition("_")[0]
    neutral = own not in ("django", "aksara") and path.stem in ("boot", "serve", "operations", "values", "rows", "page")
    if own in ("django", "aksara") or neutral:
        assert needed_at_import(path).isdisjoint({"sqlalchemy", "alembic", "django", "aksara"} - {own})


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "password_hash",
        "hashedPassword",
        "api_key",
        "apiKey2",
        "access_token",
        "client_secret",
        "salt",
    ],
)
def test_secrets_are_hidden(name: str) -> None:
    assert is_hidden(name)


@pytest.mark.parametrize(
    "name", ["title", "token_count", "password_changed_at", "key", "passenger", "tokenizer", "secretary"]
)
def test_names_that_only_sound_like_secrets_are_shown(name: str) -> None:
    assert not is_hidden(name)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://app:p@ss:w/rd@db:5432/x", "postgresql://app:***@db:5432/x"),
        ("sqlite:///blog.db", "sqlite:///blog.db"),
        ("mysql://db/x?user=a&password=b&ssl=1", "mysql://db/x?user=a&password=***&ssl=1"),
    ],
)
def test_a_shown_url_has_no_password(url: str, shown: str) -> None:
    assert mask_password(url) == shown
