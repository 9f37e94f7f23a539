"""The README's Python runs as it stands, and its claims about files hold."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "tools/README.md", ROOT / "graphs/README.md"]
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_a_snippet_of_the_readme_runs(snippet: str, blog: Path, tmp_path: Path) -> None:
    shutil.copytree(blog, tmp_path / "examples/blog")
    environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-W", "error", "-c", snippet]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text()):
        assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", [ROOT / "docs/control.md", ROOT / "docs/editing.md"], ids=lambda path: path.name)
def test_the_snippets_of_a_document_run_one_after_the_other_and_print_what_it_says(
    document: Path, blog: Path, tmp_path: Path
) -> None:
    shutil.copytree(blog, tmp_path / "examples/blog")
    snippets = re.findall(r"```python\n(.*?)```", document.read_text(), re.DOTALL)
    command = [sys.executable, "-W", "error", "-c", "\n".join(snippets)]
    environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed = re.findall(r"print\(.*\)  # (.+)$", "\n".join(snippets), re.MULTILINE)
    assert printed and all(line in done.stdout.splitlines() for line in printed), done.stdout


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make (demo|test|studio|lint|type|bench|help)\b", README)) <= targets
