"""The action log: a line for each event, without secrets, and never in the way of a run."""

import json
import os
import stat
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from aksara_agent.action_log import ActionLog
from aksara_agent.events import ActionStarted, AnyEvent, Approval, Complete, Retry, Thinking, ToolResult
from aksara_agent.redaction import Redactor
from aksara_agent.results import Action, AgentResult


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def log_of(path: Path, *events: AnyEvent, reasoning: bool = False, redactor: Redactor | None = None) -> list[Any]:
    log = ActionLog(path, redactor or Redactor(), reasoning=reasoning)
    for event in events:
        log.write(event)
    log.close()
    return lines(path) if path.exists() else []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".aksara" / "actions.jsonl"


def action(**changed: Any) -> ActionStarted:
    return ActionStarted(**{"tool": "read_file", "input": {"path": "a.py"}, "call_id": "c", "run_id": "r", **changed})


def test_each_event_is_a_line_that_says_when_whose_and_what(path: Path) -> None:
    result = ToolResult(tool="read_file", call_id="c", status="done", result={"text": "é"}, run_id="r", iteration=2)
    first, second, third = log_of(
        path, action(time=1.5, iteration=2), result, Retry(error="429", attempt=1, delay_seconds=2)
    )
    assert list(first.items()) == [
        ("time", "1970-01-01T00:00:01.500+00:00"), ("run_id", "r"), ("iteration", 2), ("type", "action"),
        ("tool", "read_file"), ("input", {"path": "a.py"}), ("call_id", "c"),
    ]  # fmt: skip
    assert (second["type"], second["status"], second["result"]) == ("result", "done", {"text": "é"})
    assert (third["type"], third["error"], third["delay_seconds"]) == ("retry", "429", 2)


def test_only_the_owner_can_read_the_log_and_git_leaves_it_alone(path: Path) -> None:
    log_of(path, action())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert (path.parent / ".gitignore").read_text() == "*\n"


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    log_of(tmp_path / "actions.jsonl", action())
    assert [file.name for file in tmp_path.iterdir()] == ["actions.jsonl"]


def test_no_secret_reaches_the_file(path: Path) -> None:
    events = [
        action(input={"path": ".env.example", "text": "DB_PASSWORD=hunter2\n"}),
        ToolResult(tool="query_records", call_id="c", status="done", result={"rows": [{"api_key": "in-a-row"}]}),
        ToolResult(tool="fetch", call_id="c", status="failed", error="401 for https://app:in-a-url@db/x"),
        Thinking(content="The key of this process is own-"),
        Thinking(content="value-1, I think."),
        Approval(requests=[{"name": "deploy", "args": {"client_secret": "in-an-approval"}}]),
    ]
    written = log_of(path, *events, reasoning=True, redactor=Redactor({"OPENAI_API_KEY": "own-value-1"}))
    assert len(written) == 5
    for secret in ("hunter2", "in-a-row", "in-a-url", "own-value-1", "in-an-approval"):
        assert secret not in path.read_text()


def test_what_the_model_said_is_left_out_unless_asked_for(path: Path) -> None:
    said = [Thinking(content=word, run_id="r", iteration=1) for word in ("I ", "think.")]
    assert [line["type"] for line in log_of(path, *said, action())] == ["action"]


def test_what_the_model_said_is_one_line_for_each_cycle_of_each_run(path: Path) -> None:
    def say(content: str, run_id: str, iteration: int) -> Thinking:
        return Thinking(content=content, run_id=run_id, iteration=iteration)

    events = [
        say("I ", "a", 1), say("You ", "b", 1), say("look.", "a", 1), action(run_id="a", iteration=1),
        say("sit.", "b", 1), say("Next.", "b", 2), say("Done.", "a", 2),
    ]  # fmt: skip
    written = log_of(path, *events, reasoning=True)
    assert [(line["run_id"], line["iteration"], line.get("content")) for line in written] == [
        ("a", 1, "I look."), ("a", 1, None), ("b", 1, "You sit."), ("b", 2, "Next."), ("a", 2, "Done."),
    ]  # fmt: skip


def test_the_end_of_a_run_says_how_it_went_and_not_again_what_was_done(path: Path) -> None:
    done = Action(tool="write_file", input={"text": "x" * 1000}, call_id="c", run_id="r", status="done")
    result = AgentResult(True, "Here it is.", None, "completed", "r", "s", actions=[done], created_files=["a.py"])
    result.usage["total_tokens"] = 12
    (line,) = log_of(path, Complete(output=result.output, result=result, run_id="r"))
    assert (line["success"], line["stop_reason"], line["error"]) == (True, "completed", None)
    assert (line["created_files"], line["usage"]["total_tokens"]) == (["a.py"], 12)
    assert "actions" not in line and "Here it is" not in path.read_text()


class Awkward:
    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


def test_what_has_no_json_form_is_written_as_well_as_it_can_be(path: Path) -> None:
    endless: list[Any] = []
    endless.append(endless)
    deep: Any = []
    for _ in range(2000):
        deep = [deep]
    values = {"nan": float("nan"), "half": "\ud800", "bytes": b"\xff", "odd": Awkward(), "endless": endless, "set": {1}}
    events = [action(input={name: value}) for name, value in values.items()]
    written = log_of(path, *events, action(input={1: "number", ("a",): "tuple"}), action(input={"deep": deep}))
    assert written[0]["input"] == {"nan": "NaN"}
    assert written[1]["input"] == {"half": "\ufffd"}
    assert written[5]["input"] == {"set": [1]}
    assert [line["type"] for line in written] == ["action"] * 8


def test_a_line_stays_one_line_and_harmless_on_a_terminal(path: Path) -> None:
    text = "a\nb\u2028c\x85d\x1b[2J\x9b2J\u202ee"
    (line,) = log_of(path, action(input={"text": text}))
    assert line["input"]["text"] == text
    raw = path.read_text(encoding="utf-8")
    assert raw.count("\n") == 1 and not set("\u2028\x85\x1b\x9b\u202e") & set(raw)


def test_a_log_that_cannot_be_written_is_warned_of_once_and_used_again_when_it_can(path: Path) -> None:
    path.mkdir(parents=True)
    log = ActionLog(path, Redactor(), reasoning=False)
    with pytest.warns(RuntimeWarning, match=r"actions\.jsonl cannot be written: .*Runs go on"):
        log.write(action())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        log.write(action())
    path.rmdir()
    log.write(action(tool="later"))
    assert [line["tool"] for line in lines(path)] == ["later"]


def test_a_link_in_place_of_the_log_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.warns(RuntimeWarning, match="cannot be written"):
        ActionLog(path, Redactor()).write(action())
    assert not (tmp_path / "elsewhere").exists()


def test_nothing_waits_for_a_reader_when_the_log_is_a_pipe(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.warns(RuntimeWarning, match="cannot be written"):
        ActionLog(path, Redactor()).write(action())


def test_a_full_disk_leaves_no_half_line_behind(path: Path) -> None:
    script = f"""
import resource, signal, sys, warnings
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_action_log import action, ActionLog, Redactor, Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
log = ActionLog(Path({str(path)!r}), Redactor())
with warnings.catch_warnings(record=True) as caught:
    for _ in range(20):
        log.write(action())
print(len(caught), caught[0].message)
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("1 The action log")
    kept = lines(path)
    assert 0 < len(kept) < 20 and path.stat().st_size < 1000
    ActionLog(path, Redactor()).write(action(tool="later"))
    assert [line["tool"] for line in lines(path)] == ["read_file"] * len(kept) + ["later"]


def test_two_processes_at_once_never_mix_their_lines(path: Path) -> None:
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_action_log import action, ActionLog, Redactor, Path
log, name = ActionLog(Path({str(path)!r}), Redactor()), sys.argv[1]
sys.stdin.readline()
for number in range(150):
    log.write(action(run_id=name, iteration=number, input={{"text": name * 70_000}}))
"""
    command = [sys.executable, "-c", script]
    writers = [subprocess.Popen([*command, name], stdin=subprocess.PIPE, text=True) for name in ("a", "b")]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.close()
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    written = lines(path)
    for name in ("a", "b"):
        mine = [line for line in written if line["run_id"] == name]
        assert [line["iteration"] for line in mine] == list(range(150))
        assert all(line["input"]["text"] == name * 70_000 for line in mine)


def test_a_log_that_is_moved_away_is_begun_anew_and_nothing_is_kept_open(path: Path, tmp_path: Path) -> None:
    log, opened = ActionLog(path, Redactor()), len(os.listdir("/proc/self/fd"))
    log.write(action(tool="first"))
    path.rename(tmp_path / "old.jsonl")
    log.write(action(tool="second"))
    assert [line["tool"] for line in lines(path)] == ["second"]
    assert len(os.listdir("/proc/self/fd")) == opened
