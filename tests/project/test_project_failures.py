"""Broken, printing, exiting, hanging and crashing projects: each gives a clear sentence, none stops us."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from shop_files import SHOP, USER, WriteFiles

from aksara_agent.project.description import ModelDescription
from aksara_agent.project.failures import WorkerError
from aksara_agent.project.project import Project


async def describe_user(root: Path, seconds: float = 20.0) -> ModelDescription:
    async with Project.open(root, python=sys.executable, seconds=seconds) as project:
        return await project.describe("User")


def note_of(described: ModelDescription) -> str:
    return " ".join(described["notes"])


async def test_an_exception_at_import_is_placed_in_the_project(write_files: WriteFiles) -> None:
    described = await describe_user(write_files(SHOP | {"models/user.py": USER + "\n    1 / 0\n"}))
    assert described["source"] == "static"
    assert "models/user.py:18: ZeroDivisionError: division by zero" in note_of(described)


async def test_a_broken_module_does_not_hide_the_other_models(write_files: WriteFiles) -> None:
    other = (
        SHOP["models/mixins.py"] + "\n    from database import Base\n    raise RuntimeError('x')\n"
        "    class Note(Base):\n        __tablename__ = 'notes'\n"
    )
    root = write_files(SHOP | {"notes.py": other})
    assert (await describe_user(root))["source"] == "live"


async def test_a_syntax_error_is_reported_and_the_scan_goes_on(write_files: WriteFiles) -> None:
    root = write_files(SHOP | {"models/broken.py": "from sqlalchemy import x\nclass Broken(Base:\n"})
    project = Project.open(root)
    assert [model["name"] for model in await project.models()] == ["Post", "User"]
    assert project.scan_problems[0].startswith("models/broken.py:2: syntax error")


async def test_bytes_that_do_not_decode_are_a_problem_not_a_crash(write_files: WriteFiles) -> None:
    root = write_files(SHOP)
    (root / "latin.py").write_bytes(b"import sqlalchemy\nname = '\xe9'\n")
    project = Project.open(root)
    assert len(await project.models()) == 2
    assert project.scan_problems[0].startswith("latin.py")


async def test_a_declared_encoding_is_honoured(write_files: WriteFiles) -> None:
    root = write_files(SHOP)
    text = (
        "# -*- coding: latin-1 -*-\nfrom database import Base\nclass Caf\xe9(Base):\n    __tablename__ = 'caf\xe9s'\n"
    )
    (root / "cafe.py").write_bytes(text.encode("latin-1"))
    assert {"name": "Caf\xe9", "table": "caf\xe9s"}.items() <= (await Project.open(root).models())[0].items()


async def test_sys_exit_at_import_is_reported(write_files: WriteFiles) -> None:
    described = await describe_user(write_files(SHOP | {"models/user.py": USER + "\n    raise SystemExit(3)\n"}))
    assert "sys.exit(3)" in note_of(described)


async def test_a_project_that_prints_does_not_disturb(write_files: WriteFiles) -> None:
    noise = "\n    import os, sys\n    print('{\"id\": 1}' * 20000)\n    os.write(1, b'noise')\n    sys.stdin.read()\n"
    assert (await describe_user(write_files(SHOP | {"models/user.py": USER + noise})))["source"] == "live"


async def test_a_hanging_import_is_ended_and_so_are_its_children(write_files: WriteFiles, tmp_path: Path) -> None:
    hang = f"""
    import subprocess, sys, time
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open({str(tmp_path / "child")!r}, "w").write(str(child.pid))
    time.sleep(600)
    """
    described = await describe_user(write_files(SHOP | {"models/user.py": USER + hang}), seconds=4)
    assert "importing the project took longer than 4 s" in note_of(described)
    assert not running(int((tmp_path / "child").read_text()))


def running(pid: int) -> bool:
    """False for ended processes, also for those nobody has waited for."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


async def test_a_crash_is_reported_with_what_was_printed_and_a_fresh_worker_follows(
    write_files: WriteFiles,
) -> None:
    crash = "\n    import os, sys\n    print('out of luck', file=sys.stderr, flush=True)\n    os._exit(7)\n"
    root = write_files(SHOP | {"models/user.py": USER + crash})
    async with Project.open(root, python=sys.executable) as project:
        note = (await project.describe("User"))["notes"][0]
        assert "exited with code 7" in note
        assert "out of luck" in note
        write_files({"models/user.py": USER})
        assert (await project.describe("User"))["source"] == "live"


async def test_a_killed_worker_is_replaced(project: Project) -> None:
    await project.describe("Post")
    worker = project.adapters["sqlalchemy"].client.process
    assert worker is not None
    worker.process.kill()
    worker.process.wait()
    assert (await project.describe("Post"))["row_count"] == 4


async def test_close_ends_the_worker(shop: Path) -> None:
    async with Project.open(shop, python=sys.executable) as project:
        await project.describe("Post")
        pid = project.adapters["sqlalchemy"].client.loaded["pid"]
        assert running(pid)
    assert not running(pid)


def test_the_worker_ends_with_its_parent(shop: Path) -> None:
    code = (
        "import asyncio, os, sys\nfrom aksara_agent.project.project import Project\n"
        f"project = Project.open({str(shop)!r}, python=sys.executable)\n"
        "asyncio.run(project.describe('Post'))\n"
        "print(project.adapters['sqlalchemy'].client.loaded['pid'], flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    pid = int(done.stdout)
    for _ in range(10_000):
        if not running(pid):
            return
        os.sched_yield()
        subprocess.run(["true"], check=True)
    pytest.fail(f"worker {pid} outlived its parent")


async def test_a_missing_dependency_names_the_interpreter_and_the_command(
    write_files: WriteFiles, tmp_path: Path
) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    python = tmp_path / "bare/bin/python"
    async with Project.open(write_files(SHOP), python=python) as project:
        note = (await project.describe("User"))["notes"][0]
        assert f"No module named 'sqlalchemy' in {python}" in note
        assert f"{python} -m pip install sqlalchemy" in note


async def test_a_missing_database_file_is_reported_and_not_created(write_files: WriteFiles) -> None:
    root = write_files(SHOP)
    async with Project.open(root, python=sys.executable) as project:
        described = await project.describe("User")
        assert (described["source"], described["row_count"]) == ("live", None)
        assert "database file shop.db does not exist yet; run your migrations" in described["notes"][0]
        with pytest.raises(WorkerError, match="does not exist yet"):
            await project.query({"model": "User"})
    assert not (root / "shop.db").exists()


async def test_create_all_at_import_creates_nothing(write_files: WriteFiles) -> None:
    root = write_files(
        SHOP | {"models/user.py": USER + "\n    from database import engine\n    Base.metadata.create_all(engine)\n"}
    )
    described = await describe_user(root)
    assert "creates or drops tables when it is imported" in note_of(described)
    assert not (root / "shop.db").exists()


async def test_a_script_with_an_engine_is_not_run(write_files: WriteFiles) -> None:
    script = (
        "from sqlalchemy import create_engine\nengine = create_engine('sqlite:///x.db')\nopen('ran', 'w').close()\n"
    )
    root = write_files(SHOP | {"wipe.py": script})
    assert (await describe_user(root))["source"] == "live"
    assert not (root / "ran").exists()


async def test_project_modules_called_like_ours_are_the_projects(write_files: WriteFiles) -> None:
    names = ("query", "load", "serve", "describe", "filters", "columns", "values", "failures", "database_url")
    imports = "".join(f"import {name}; assert {name}.MINE\n" for name in names)
    files = {f"{name}.py": "MINE = True\n" for name in names}
    root = write_files(SHOP | files | {"models/mixins.py": imports + SHOP["models/mixins.py"].replace("\n    ", "\n")})
    assert (await describe_user(root))["source"] == "live"


async def test_an_asynchronous_engine_is_read_through_a_synchronous_driver(shop: Path) -> None:
    path = shop / "database.py"
    path.write_text(
        path.read_text()
        .replace("from sqlalchemy import create_engine", "from sqlalchemy.ext.asyncio import create_async_engine")
        .replace('create_engine("sqlite:', 'create_async_engine("sqlite+aiosqlite:')
    )
    assert (await describe_user(shop))["row_count"] == 3


async def test_a_database_behind_its_models_is_named(shop: Path) -> None:
    path = shop / "models/user.py"
    path.write_text(path.read_text() + "    nickname: Mapped[str | None]\n")
    async with Project.open(shop, python=sys.executable) as project:
        with pytest.raises(WorkerError, match="the database is behind the models; run your migrations"):
            await project.query({"model": "User"})


async def test_a_table_that_is_not_migrated_yet_is_named(write_files: WriteFiles, shop: Path) -> None:
    (shop / "models/note.py").write_text(
        "from database import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\n"
        "class Note(Base):\n    __tablename__ = 'notes'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    async with Project.open(shop, python=sys.executable) as project:
        assert (
            "table notes is not in the database yet; run your migrations" in (await project.describe("Note"))["notes"]
        )
