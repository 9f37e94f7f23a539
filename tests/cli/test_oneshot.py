"""The command line as a process: what goes to stdout, what to stderr, and the exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aksara_agent.testing import LoopbackServer, call, calls, fails, says

ROOT = Path(__file__).parents[2]


MODULE = ("-m", "aksara_agent")


def agent(*arguments: str, stdin: str = "", launcher: tuple[str, ...] = MODULE) -> subprocess.CompletedProcess[str]:
    """Run the command line, as in a pipe."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "100"}
    command = [sys.executable, *launcher, *arguments]
    return subprocess.run(command, input=stdin, env=environment, capture_output=True, text=True)


def test_the_answer_is_on_stdout_and_the_activity_on_stderr(blog: Path) -> None:
    done = agent("Review the Post model and suggest improvements", "--project", str(blog))
    assert done.returncode == 0
    assert "Post.author_id" in done.stdout and "models/post.py:" in done.stdout
    assert "→ describe_model" in done.stderr and "→" not in done.stdout
    assert done.stderr.startswith("No model configured: the offline model answers by rules")


def test_the_spelling_of_the_spec_does_the_same(blog: Path) -> None:
    launcher = ("-c", "from aksara_agent.cli.aksara import main; raise SystemExit(main())")
    done = agent("ai", "agent", "Which models exist?", "--project", str(blog), launcher=launcher)
    assert (done.returncode, "I found 5 models" in done.stdout) == (0, True)
    done = agent("migrate", launcher=launcher)
    assert (done.returncode, "aksara-framework" in done.stderr) == (2, True)


def test_json_prints_one_event_a_line_and_the_result_last(blog: Path) -> None:
    done = agent("Which models exist?", "--project", str(blog), "--tools", "list_models", "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"progress", "thinking", "action", "result", "complete"} == {event["type"] for event in events}
    assert events[-1]["result"]["success"] is True
    assert done.stderr == ""


def test_piped_text_is_the_task_or_joins_it(tmp_path: Path) -> None:
    with LoopbackServer(says("Fine."), repeat_last=True) as server:
        options = ("--project", str(tmp_path), "--base-url", server.base_url, "-m", "test")
        assert agent(*options, stdin="Say fine").stdout.strip() == "Fine."
        assert agent("review this", *options, stdin="+ line\n").stdout.strip() == "Fine."
        assert server.requests[0]["messages"][-1]["content"] == "Say fine"
        assert server.requests[1]["messages"][-1]["content"] == "review this\n\n+ line"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "no task"),
        (["x", "--nonsense"], "--nonsense"),
        (["x", "--project", "nowhere"], "does not exist"),
        (["x", "--tools", "describe_modle"], "Did you mean 'describe_model'"),
        (["x", "--tools", ""], "nothing to act with"),
        (["x", "--model", "gpt-next"], "does not name a provider"),
        (["x", "--model", "openai:gpt-4o-mini"], "No API key"),
        (["x", "--max-iterations", "0"], "max_iterations=0"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(arguments: list[str], words: str) -> None:
    done = agent(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_limits_failures_and_missing_approval_have_their_exit_codes(tmp_path: Path) -> None:
    write = calls(call("write_file", path="a.txt", content="x"))
    for script, extra, code in (
        ([calls(call("list_models"))], ["--max-iterations", "1"], 3),
        ([fails(401)], [], 1),
        ([write], ["--mode", "supervised"], 4),
    ):
        with LoopbackServer(*script) as server:
            done = agent("Go", "--project", str(tmp_path), "--base-url", server.base_url, "-m", "test", *extra)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "a.txt").exists()


def test_text_from_a_model_cannot_drive_the_terminal(tmp_path: Path) -> None:
    with LoopbackServer(says("safe \x1b]0;title\x07 [/bold] \u202e end")) as server:
        done = agent("Go", "--project", str(tmp_path), "--base-url", server.base_url, "-m", "test")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout
    assert "\\x1b]0;title\\x07 [/bold] \\u202e end" in done.stdout


def test_help_names_examples_and_exit_codes() -> None:
    done = agent("--help")
    assert done.returncode == 0
    assert "exit codes" in done.stdout and "Review the Post model" in done.stdout
