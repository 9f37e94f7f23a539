"""run_command: a program or a shell line, inside the project, without secrets, and gone afterwards."""

import asyncio
import json
import os
import sys
from pathlib import Path

import psutil
import pytest
from tool_use import OpenContext, Use

from aksara_agent.errors import ToolFailed, ToolRetry
from aksara_agent.project import Project
from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.output import MAX_CHARACTERS, as_text
from aksara_agent.tools.system.run_command import MAX_OUTPUT, RunCommand

RUN = RunCommand()


async def test_a_program_runs_with_its_arguments_and_without_a_shell(use: Use) -> None:
    assert await use(RUN, command=["echo", "$HOME", "a b", "*"]) == {"exit_status": 0, "output": "$HOME a b *\n"}


async def test_a_line_for_the_shell_runs_through_it(use: Use) -> None:
    assert await use(RUN, shell_command="printf 'b\\na\\n' | sort") == {"exit_status": 0, "output": "a\nb\n"}


async def test_a_failing_command_is_a_result_like_any_other(use: Use) -> None:
    answer = await use(RUN, shell_command="echo wrong >&2; exit 7")
    assert answer == {"exit_status": 7, "output": "wrong\n"}


@pytest.mark.parametrize(
    "arguments", [{}, {"command": []}, {"shell_command": ""}, {"command": ["ls"], "shell_command": "ls"}]
)
async def test_exactly_one_form_of_a_command_is_taken(use: Use, arguments: dict[str, object]) -> None:
    with pytest.raises(ToolRetry, match="Give either command"):
        await use(RUN, **arguments)


async def test_a_command_in_one_string_is_not_given_to_the_shell_by_mistake(use: Use, tmp_path: Path) -> None:
    with pytest.raises(ToolRetry, match="Wrong arguments for run_command: command"):
        await use(RUN, command="touch here; touch there")
    assert list(tmp_path.iterdir()) == []


def test_both_forms_have_plain_types_in_the_schema() -> None:
    properties = RUN.parameters["properties"]
    assert {name: spec["type"] for name, spec in properties.items()} == {
        "command": "array",
        "shell_command": "string",
        "cwd": "string",
    }
    assert RUN.effect == "external"


async def test_a_misspelt_program_is_answered_with_close_names(use: Use) -> None:
    with pytest.raises(ToolRetry, match=r"no program 'pytets' on PATH\. Did you mean 'pytest'"):
        await use(RUN, command=["pytets", "-q"])


async def test_a_program_with_its_arguments_in_one_word_is_shown_taken_apart(use: Use) -> None:
    with pytest.raises(ToolRetry, match=r'Give program and arguments apart: \["pytest", "-q"\]'):
        await use(RUN, command=["pytest -q"])


async def test_a_script_that_cannot_be_run_is_answered_with_its_interpreter(use: Use, tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text("print(1)\n")
    for mode in (0o644, 0o755):  # not executable; executable, but without a first line that names an interpreter
        (tmp_path / "manage.py").chmod(mode)
        with pytest.raises(ToolRetry, match=r'e\.g\. \["python", "\./manage\.py"\]'):
            await use(RUN, command=["./manage.py"])


async def test_other_commands_that_cannot_start_are_explained(use: Use, tmp_path: Path) -> None:
    with pytest.raises(ToolRetry, match=r"There is no program '\./nothing', or the interpreter"):
        await use(RUN, command=["./nothing"])
    with pytest.raises(ToolRetry, match="null byte"):
        await use(RUN, command=["echo", "a\0b"])
    with pytest.raises(ToolRetry, match="argument list too long"):
        await use(RUN, command=["echo", "a" * 10_000_000])


async def test_a_command_runs_in_the_folder_it_names(use: Use, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for cwd, folder in {"a/b": tmp_path / "a" / "b", "./a/": tmp_path / "a", ".": tmp_path, "": tmp_path}.items():
        assert (await use(RUN, command=["pwd"], cwd=cwd))["output"] == f"{folder}\n"


@pytest.mark.parametrize(
    "cwd", ["..", "a/../..", "/", "/tmp", "link", "link/b", "a/up", "file", "nowhere", "a\n", "a\u202eb"]
)
async def test_a_folder_outside_the_project_is_refused(use: Use, tmp_path: Path, cwd: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("/tmp")
    (tmp_path / "a" / "up").symlink_to("../..")
    with pytest.raises(ToolRetry):
        await use(RUN, shell_command="echo ran >> file", cwd=cwd)
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.parametrize("cwd", [".git", ".git/hooks", "a/.aksara", ".GIT"])
async def test_private_folders_are_closed(use: Use, tmp_path: Path, cwd: str) -> None:
    (tmp_path / cwd).mkdir(parents=True)
    with pytest.raises(ToolFailed, match="private"):
        await use(RUN, command=["ls"], cwd=cwd)


async def test_no_secret_of_the_agent_reaches_a_command(use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = (
        "OPENAI_API_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "GITHUB_TOKEN",
        "DATABASE_URL",
        "PGPASSWORD",
        "LCX",
        "PYTHONPATH",
    )
    for name in secrets:
        monkeypatch.setenv(name, "s3cret")
    monkeypatch.setenv("LC_TIME", "C")
    monkeypatch.setenv("TZ", "UTC")
    output = (await use(RUN, command=["env"]))["output"]
    assert "s3cret" not in output
    assert not any(f"{name}=" in output for name in secrets)
    assert "LC_TIME=C\n" in output and "TZ=UTC\n" in output and f"HOME={os.environ['HOME']}\n" in output


async def test_the_interpreter_of_the_project_comes_first(
    tmp_path: Path, context: ToolContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere/else")
    own = tmp_path / ".venv"
    (own / "bin").mkdir(parents=True)
    (own / "bin" / "python").symlink_to(sys.executable)
    (own / "pyvenv.cfg").write_text("home = /usr/bin\n")
    async with Project.open(tmp_path) as project:
        inside = ToolContext(project, context.workspace, context.journal, "run", "call")
        answer = await RUN.run({"shell_command": "command -v python; echo $VIRTUAL_ENV"}, inside)
    assert answer["output"].splitlines() == [str(own / "bin" / "python"), str(own)]


async def test_without_an_environment_of_its_own_the_project_gets_none_of_ours(
    use: Use, context: ToolContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere/else")
    monkeypatch.setattr(context.project, "python", tmp_path / "bin" / "python")
    assert await use(RUN, shell_command="echo [$VIRTUAL_ENV]") == {"exit_status": 0, "output": "[]\n"}


async def test_huge_output_reaches_the_model_with_its_beginning_and_its_end(use: Use) -> None:
    answer = await use(RUN, shell_command="echo first; yes | head -c 50000000; echo last")
    assert answer["left_out"] == f"{50_000_011 - MAX_OUTPUT:,} characters from the middle"
    text = as_text(answer)
    assert len(text) <= MAX_CHARACTERS
    assert json.loads(text)["output"].startswith("first\n") and answer["output"].endswith("last\n")


async def test_output_that_is_no_text_does_not_break_the_result(use: Use) -> None:
    answer = await use(RUN, shell_command="printf 'a\\377\\000b'")
    assert json.loads(as_text(answer)) == {"exit_status": 0, "output": "a�\0b"}


async def test_a_command_that_waits_for_input_ends_at_once(use: Use) -> None:
    assert await use(RUN, command=["cat"]) == {"exit_status": 0, "output": ""}


async def test_daemons_are_ended_and_reported(use: Use) -> None:
    answer = await use(RUN, shell_command="sleep 1000 & setsid sleep 1000 & sleep 0.2; echo done")
    assert answer == {"exit_status": 0, "output": "done\n", "left_behind": "2 background processes, ended"}


async def test_a_time_limit_leaves_no_process(use: Use, tmp_path: Path) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await use(RUN, shell_command="sh -c 'setsid sleep 1000 & echo $! > a; wait' & echo $! > b; sleep 1000")
    pids = [int((tmp_path / name).read_text()) for name in "ab"]
    assert [pid for pid in pids if psutil.pid_exists(pid)] == []


def test_the_preview_is_the_command_line_and_its_folder(context: ToolContext) -> None:
    def preview(**arguments: object) -> str | None:
        return RUN.preview(arguments, context.workspace)

    assert preview(command=["rm", "-rf", "my files"]) == "$ rm -rf 'my files'\nin ."
    assert preview(shell_command="ls | wc", cwd="src") == "$ sh -c 'ls | wc'\nin src"
    with pytest.raises(ToolRetry, match="Give either command"):
        preview()


async def test_the_tests_of_the_project_can_be_run(open_context: OpenContext, own_blog: Path) -> None:
    answer = await RUN.run(
        {"command": ["python", "-c", "import models; print(models.__file__)"]}, open_context(own_blog)
    )
    assert (answer["exit_status"], answer["output"]) == (0, f"{own_blog}/models/__init__.py\n")
