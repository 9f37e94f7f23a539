"""Writes the settings files of a small project."""

from pathlib import Path

SETTINGS_PY = 'AKSARA = {{"AI_AGENT_RUNTIME": {}}}\n'
PYPROJECT = "[tool.aksara-agent]\n{}\n"
IN_SETTINGS_PY = "settings.py AKSARA['AI_AGENT_RUNTIME']"
IN_PYPROJECT = "pyproject.toml [tool.aksara-agent]"


def write(root: Path, *, settings: str | None = None, pyproject: str | None = None) -> Path:
    """The section of settings.py as Python, that of pyproject.toml as TOML."""
    if settings is not None:
        (root / "settings.py").write_text(SETTINGS_PY.format(settings))
    if pyproject is not None:
        (root / "pyproject.toml").write_text(PYPROJECT.format(pyproject))
    return root


def write_module(root: Path, source: str, path: str = "settings.py") -> Path:
    """A settings module, or any other, as it stands."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)
    return root
