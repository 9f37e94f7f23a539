"""Every notebook runs from its first cell to its last on a fresh copy of the demo project."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.filterwarnings("default")  # Jupyter's own
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
async def test_notebook_runs(notebook: Path, blog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(blog, tmp_path / "examples/blog")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    cells = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    where = {"metadata": {"path": str(tmp_path / "notebooks")}}
    client = NotebookClient(cells, timeout=60, kernel_name="python3", resources=where)
    await client.async_execute()
    printed = "".join(output.get("text", "") for cell in cells.cells for output in cell.get("outputs", ()))
    assert "Post.author_id" in printed
    assert "completed after" in printed
