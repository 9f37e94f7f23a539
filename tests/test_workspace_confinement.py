"""Nothing outside the project is reached: by no path string, and not by swapping a folder for a link."""

import contextlib
import os
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aksara_agent.errors import ToolError
from aksara_agent.workspace import Workspace

OUTSIDE = "text from outside"
READS = 3000

PARTS = st.sampled_from(
    ["..", ".", "", "sub", "link", "link.txt", "deep", "outside", "private.txt", ".git", ".env", "~", "\\..", "%2e%2e",
     "../outside", "//", "\0", "\u202e", "\ud800", "\uff0e\uff0e", "n" * 300, "pipe", "file:", "/proc/self/cwd"]
)  # fmt: skip
PATHS = st.one_of(
    st.lists(PARTS, max_size=6).map("/".join),
    st.text(st.characters(), max_size=20),
    st.lists(st.one_of(PARTS, st.text(st.characters(), max_size=5)), max_size=5).map("/".join),
)


def build(folder: Path) -> Path:
    """A project full of ways out, beside a folder that must stay as it is."""
    (folder / "outside" / "deep").mkdir(parents=True)
    (folder / "outside" / "private.txt").write_text(OUTSIDE)
    (folder / "outside" / "deep" / "private.txt").write_text(OUTSIDE)
    root = folder / "project"
    (root / "sub").mkdir(parents=True)
    (root / "sub" / "private.txt").write_text("text from inside")
    (root / "link").symlink_to(folder / "outside")
    (root / "sub" / "link").symlink_to("../../outside")
    (root / "link.txt").symlink_to(folder / "outside" / "private.txt")
    (root / "deep").symlink_to("/")
    os.mkfifo(root / "pipe")
    return root


def contents(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}


@given(PATHS)
@example("link/private.txt")
@example("link.txt")
@example("sub/link/deep/private.txt")
@example("../outside/private.txt")
@example("sub/private.txt")
@settings(max_examples=300, deadline=None)
def test_no_path_string_whatever_reads_or_writes_outside_the_project(path: str) -> None:
    with TemporaryDirectory() as name:
        workspace = Workspace(build(Path(name)))
        before = contents(Path(name) / "outside")
        with contextlib.suppress(ToolError):
            assert OUTSIDE not in workspace.read(path)
        with contextlib.suppress(ToolError):
            workspace.write(path, "written")
        assert contents(Path(name) / "outside") == before
        assert sorted(os.listdir(name)) == ["outside", "project"]
        for change in workspace.changes:
            written = (workspace.root / change["path"]).resolve()
            assert written.is_relative_to(workspace.root.resolve())
            assert written.read_text() == "written"


def test_swapping_a_folder_for_a_link_while_files_are_read_leaks_nothing(tmp_path: Path) -> None:
    root = build(tmp_path)
    (root / "spare").symlink_to(tmp_path / "outside")
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            (root / "sub").rename(root / "parked")
            (root / "spare").rename(root / "sub")
            (root / "sub").rename(root / "spare")
            (root / "parked").rename(root / "sub")

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        seen = set[str]()
        for count in range(READS * 100):
            seen.add(read_or_reason(Workspace(root), "sub/private.txt"))
            if count > READS and len(seen) > 1:  # both sides of the swap were met
                break
    finally:
        stop.set()
        swapper.join()
    assert seen == {"text from inside", "refused"}


def test_swapping_a_folder_for_a_link_while_files_are_written_changes_nothing_outside(tmp_path: Path) -> None:
    root = build(tmp_path)
    (root / "spare").symlink_to(tmp_path / "outside")
    before = contents(tmp_path / "outside")
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):  # a write may have made the folder anew
                os.rename(root / "sub", root / "parked")
            with contextlib.suppress(OSError):
                os.rename(root / "spare", root / "sub")
                os.rename(root / "sub", root / "spare")
            with contextlib.suppress(OSError):
                os.rename(root / "parked", root / "sub")

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        for _ in range(READS // 10):
            with contextlib.suppress(ToolError):
                Workspace(root).write("sub/private.txt", "written")
    finally:
        stop.set()
        swapper.join()
    assert contents(tmp_path / "outside") == before


def read_or_reason(workspace: Workspace, path: str) -> str:
    try:
        return workspace.read(path)
    except ToolError:
        return "refused"
