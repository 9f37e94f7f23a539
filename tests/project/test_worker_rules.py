"""Rules of the worker's own source, and how secrets and passwords are recognised."""

import ast
from pathlib import Path

import pytest

import aksara_agent.project.worker as worker
from aksara_agent.project.database_url import mask_password
from aksara_agent.project.worker.hidden import is_hidden

FILES = sorted(Path(worker.__file__).parent.glob("*.py"))
ALLOWED = {
    *("__future__", "base64", "collections", "configparser", "contextlib", "csv", "datetime", "decimal", "difflib"),
    *("copy", "enum", "functools", "hashlib", "operator", "urllib"),
    *("importlib", "json", "math", "os", "pathlib", "queue", "re", "signal", "sqlite3", "sys", "threading"),
    *("io", "logging", "shutil", "tempfile", "time", "traceback", "typing", "uuid", "warnings", "zlib"),
    *("alembic", "sqlalchemy", "django"),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_worker_is_python_3_8_and_needs_only_what_the_project_has(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 8))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            imported.add((node.module or "").partition(".")[0])
    assert imported <= ALLOWED


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
