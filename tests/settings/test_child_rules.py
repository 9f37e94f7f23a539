"""Rules of the code that runs in the project's interpreter."""

import ast
import sys
from pathlib import Path

import pytest

from aksara_agent import settings

FILES = [Path(settings.__file__).parent / name for name in ("child.py", "plain.py")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_python_3_8_with_the_standard_library_alone(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(), feature_version=(3, 8))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level
            imported.add((node.module or "").partition(".")[0])
    assert imported <= sys.stdlib_module_names
