"""What tools can read and write: text files of the project, whole, and nothing else."""

import os
from pathlib import Path

import pytest

from aksara_agent import confined
from aksara_agent.errors import ToolError, ToolFailed, ToolRetry
from aksara_agent.journal import FileChange
from aksara_agent.workspace import MAX_FILE_BYTES, Workspace, is_secret, lines_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one file, beside a folder that is none of its business."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "private.txt").write_text("SECRET")
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    (project / "models" / "post.py").write_text("class Post: ...\n")
    return project


@pytest.fixture
def workspace(root: Path) -> Workspace:
    return Workspace(root)


def test_a_file_is_read_as_it_is(workspace: Workspace, root: Path) -> None:
    (root / "notes.txt").write_bytes("one\r\ntwo — drei\n".encode())
    assert workspace.read("notes.txt") == "one\r\ntwo — drei\n"


def test_a_new_file_comes_with_its_folders_and_is_remembered_as_created(workspace: Workspace, root: Path) -> None:
    change = workspace.write("./api//v1/posts.py", "x = 1\n")
    assert (root / "api/v1/posts.py").read_text() == "x = 1\n"
    assert change == {"kind": "created", "path": "api/v1/posts.py"}
    assert workspace.changes == [change]


def test_replacing_a_file_is_a_modification_and_keeps_its_permissions(workspace: Workspace, root: Path) -> None:
    file = root / "manage.sh"
    file.write_text("old")
    file.chmod(0o750)
    assert workspace.write("manage.sh", "new")["kind"] == "modified"
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o750


def test_a_change_is_told_before_it_happens_with_all_that_undo_needs(root: Path) -> None:
    told: list[tuple[FileChange, bytes | None]] = []
    file = root / "models/post.py"
    workspace = Workspace(root, lambda change: told.append((change, file.read_bytes() if file.exists() else None)))
    old = file.read_bytes()
    file.chmod(0o640)
    before = workspace.digest("models/post.py")
    workspace.write("models/post.py", "new")
    ((change, seen),) = told
    assert seen == old  # nothing was written yet
    assert (change.kind, change.path, change.before, change.before_mode) == ("modified", "models/post.py", old, 0o640)
    assert (change.before_hash, change.after_hash) == (before, workspace.digest("models/post.py"))
    assert before != change.after_hash


def test_when_the_change_cannot_be_recorded_it_is_not_made(root: Path) -> None:
    def full_disk(change: FileChange) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        Workspace(root, full_disk).write("models/post.py", "new")
    assert (root / "models/post.py").read_text() == "class Post: ...\n"
    assert os.listdir(root / "models") == ["post.py"]


def test_a_reader_with_the_old_file_open_never_sees_half_of_the_new_one(workspace: Workspace, root: Path) -> None:
    with (root / "models/post.py").open() as reader:
        workspace.write("models/post.py", "replaced")
        assert reader.read() == "class Post: ...\n"


@pytest.mark.parametrize("path", ["../outside/private.txt", "models/../../outside/private.txt", "..", "a/..", "", "."])
def test_a_path_with_dots_or_without_a_name_is_refused(workspace: Workspace, path: str) -> None:
    with pytest.raises(ToolRetry, match="not a path inside the project"):
        workspace.read(path)
    with pytest.raises(ToolRetry, match="not a path inside the project"):
        workspace.write(path, "x")


def test_an_absolute_path_is_refused_even_when_it_leads_into_the_project(workspace: Workspace, root: Path) -> None:
    with pytest.raises(ToolRetry, match="Give it relative to the project"):
        workspace.read(str(root / "models/post.py"))


def test_a_link_to_a_file_outside_is_neither_read_nor_replaced(workspace: Workspace, root: Path) -> None:
    (root / "link.txt").symlink_to(root.parent / "outside/private.txt")
    with pytest.raises(ToolRetry, match="symbolic link"):
        workspace.read("link.txt")
    with pytest.raises(ToolRetry, match="not a regular file"):
        workspace.write("link.txt", "x")
    assert not workspace.exists("link.txt")
    assert (root.parent / "outside/private.txt").read_text() == "SECRET"


def test_a_linked_folder_is_not_entered(workspace: Workspace, root: Path) -> None:
    (root / "linked").symlink_to(root.parent / "outside")
    with pytest.raises(ToolRetry, match="link"):
        workspace.read("linked/private.txt")
    with pytest.raises(ToolRetry, match="link"):
        workspace.write("linked/new.txt", "x")
    assert os.listdir(root.parent / "outside") == ["private.txt"]


def test_a_pipe_is_refused_and_does_not_hang(workspace: Workspace, root: Path) -> None:
    os.mkfifo(root / "pipe")
    with pytest.raises(ToolRetry, match="not a regular file"):
        workspace.read("pipe")
    with pytest.raises(ToolRetry, match="not a regular file"):
        workspace.write("pipe", "x")


def test_a_file_that_is_hard_linked_elsewhere_is_not_replaced(workspace: Workspace, root: Path) -> None:
    (root / "twin.txt").hardlink_to(root.parent / "outside/private.txt")
    with pytest.raises(ToolFailed, match="hard-linked"):
        workspace.write("twin.txt", "x")
    assert (root.parent / "outside/private.txt").read_text() == "SECRET"


@pytest.mark.parametrize(
    "path",
    [
        ".env", ".ENV", ".env.production", "deploy/server.PEM", "id_rsa", "keys/id_ed25519.pub", ".netrc",
        "signing.\N{KELVIN SIGN}ey", ".git/config", ".GIT/hooks/pre-commit", "vendored/.git/hooks/pre-commit",
        ".aksara/state.db", ".env.d/prod.txt",
    ],
)  # fmt: skip
def test_credentials_and_repository_internals_are_closed(workspace: Workspace, root: Path, path: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text("KEY=1")
    with pytest.raises(ToolFailed, match="private"):
        workspace.read(path)
    with pytest.raises(ToolFailed, match="private"):
        workspace.write(path, "x")
    assert (root / path).read_text() == "KEY=1"
    assert path not in list(workspace.files())


def test_the_example_of_an_environment_file_is_open(workspace: Workspace, root: Path) -> None:
    workspace.write(".env.example", "KEY=\n")
    assert workspace.read(".env.example") == "KEY=\n"
    assert not is_secret(".ENV.EXAMPLE")


@pytest.mark.parametrize("character", ["\0", "\n", "\x1b", "\u202e", "\u200b", "\u2066", "\u2028", "\ud800"])
def test_a_name_with_invisible_characters_is_refused(workspace: Workspace, root: Path, character: str) -> None:
    with pytest.raises(ToolRetry, match="invisible characters"):
        workspace.write(f"models/po{character}st.py", "x")
    with pytest.raises(ToolRetry, match="invisible characters"):
        workspace.read(f"models/po{character}st.py")
    assert os.listdir(root / "models") == ["post.py"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"\x89PNG\0\0", "binary"), (b"caf\xe9", "not UTF-8 text: byte 3"), (b"x" * (MAX_FILE_BYTES + 1), "larger than")],
)
def test_what_is_not_text_of_a_sensible_size_is_refused_with_the_reason(
    workspace: Workspace, root: Path, data: bytes, reason: str
) -> None:
    (root / "file").write_bytes(data)
    with pytest.raises(ToolFailed, match=reason):
        workspace.read("file")


def test_the_largest_readable_file_is_read_whole(workspace: Workspace, root: Path) -> None:
    (root / "file").write_bytes(b"x" * MAX_FILE_BYTES)
    assert len(workspace.read("file")) == MAX_FILE_BYTES


@pytest.mark.parametrize(
    ("path", "reason"),
    [("models", "not a regular file"), ("nowhere.py", "missing"), ("models/post.py/x", "not a directory")],
)
def test_the_reason_why_a_path_cannot_be_read_is_named(workspace: Workspace, path: str, reason: str) -> None:
    with pytest.raises(ToolRetry, match=reason):
        workspace.read(path)
    assert not workspace.exists(path)


@pytest.mark.parametrize("path", ["models", "models/post.py/new.py", "models/" + "n" * 300])
def test_a_write_that_cannot_be_done_leaves_the_folder_as_it_was(workspace: Workspace, root: Path, path: str) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(ToolRetry):
        workspace.write(path, "x")
    assert sorted(root.rglob("*")) == before
    assert workspace.changes == []


def test_a_write_that_fails_halfway_leaves_no_temporary_file(
    workspace: Workspace, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = os.replace

    def folder_came_first(source: str, target: str, *, src_dir_fd: int, dst_dir_fd: int) -> None:
        (root / "models/post.py").unlink()
        (root / "models/post.py").mkdir()
        rename(source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)

    monkeypatch.setattr(os, "replace", folder_came_first)
    with pytest.raises(ToolFailed, match=r"models/post\.py cannot be written: is a directory"):
        workspace.write("models/post.py", "new")
    assert os.listdir(root / "models") == ["post.py"]
    assert workspace.changes == []


def test_text_that_cannot_be_encoded_is_refused_before_anything_is_made(workspace: Workspace, root: Path) -> None:
    with pytest.raises(ToolRetry, match="half of a pair"):
        workspace.write("new/notes.md", "smile \ud83d")
    assert not (root / "new").exists()


def test_the_list_of_files_is_sorted_and_without_secrets_caches_and_environments(
    workspace: Workspace, root: Path
) -> None:
    for name in (
        "b.py",
        "a.txt",
        ".env",
        "x.pem",
        ".git/HEAD",
        "__pycache__/b.pyc",
        "node_modules/m.js",
        "env/pyvenv.cfg",
    ):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("")
    (root / "linked").symlink_to(root.parent / "outside")
    assert list(workspace.files()) == ["a.txt", "b.py", "models/post.py"]
    assert list(workspace.files("*.py")) == ["b.py", "models/post.py"]
    assert list(workspace.files("models/*")) == ["models/post.py"]


def test_errors_of_a_path_are_for_the_model_to_read(workspace: Workspace) -> None:
    for path in ("../x", ".env", "nowhere", "models/" + "n" * 300):
        with pytest.raises(ToolError) as caught:
            workspace.read(path)
        assert path in str(caught.value)
        assert str(workspace.root) not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("a\rb", ["a", "b"]),
        ("a\n\n", ["a", ""]),
        ("a\x0cb\u2028c\x85d", ["a\x0cb\u2028c\x85d"]),
    ],
)
def test_lines_are_counted_as_python_and_editors_count_them(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines


def test_what_a_killed_write_left_beside_its_file_is_swept_away(tmp_path: Path) -> None:
    planned: list[FileChange] = []
    Workspace(tmp_path, planned.append).write("notes/a.txt", "one")
    left = tmp_path / "notes" / confined.temporary_name("a.txt", planned[0].after_hash or "")
    other = tmp_path / "notes" / ".aksara-0123456789abcdef.tmp"
    left.touch()
    other.touch()
    Workspace(tmp_path).sweep(planned[0])
    assert not left.exists() and other.exists(), "only what belongs to this change"
    Workspace(tmp_path).sweep(planned[0])


def test_after_it_was_closed_a_workspace_changes_nothing(tmp_path: Path) -> None:
    told: list[FileChange] = []
    workspace = Workspace(tmp_path, told.append)
    workspace.write("a.txt", "one")
    workspace.close()
    with pytest.raises(ToolFailed, match="the call has been given up"):
        workspace.write("a.txt", "two")
    assert ((tmp_path / "a.txt").read_text(), len(told), len(workspace.changes)) == ("one", 1, 1)
