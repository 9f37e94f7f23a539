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
    *("io", "logging", "shutil", "urllib", "uuid", "warnings", "zlib"),
}
# What a project of the framework has installed; the other files are for SQLAlchemy.
FRAMEWORKS = {"aksara": {"aksara", "asyncpg"}, "django": {"django"}}
LIBRARIES = {**FRAMEWORKS, "alembic": {"alembic", "sqlalchemy"}}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_worker_is_python_3_8_and_needs_only_what_the_project_has(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 8))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            imported.add((node.module or "").partition(".")[0])
    assert imported <= ALLOWED | LIBRARIES.get(path.name.partition("_")[0], {"sqlalchemy"})


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_project_of_another_framework_needs_no_sqlalchemy(framework: str) -> None:
    """Whatever its files import, directly or not, when they are imported themselves."""
    trees = {path.stem: ast.parse(path.read_text()) for path in FILES}
    waiting, seen = ["serve", *(name for name in trees if name.startswith(f"{framework}_"))], set()
    while waiting:
        name = waiting.pop()
        for node in trees[name].body if name not in seen else []:
            if isinstance(node, ast.ImportFrom) and node.level:
                waiting += [node.module] if node.module else [alias.name for alias in node.names]
            elif isinstance(node, ast.Import | ast.ImportFrom):
                assert "sqlalchemy" not in ast.unparse(node), name
        seen.add(name)


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
