"""aksara-agent config: each setting, its value and where it came from, as a process prints it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aksara_agent.context import Context

ROOT = Path(__file__).parents[2]
SETTINGS_PY = 'AKSARA = {"AI_AGENT_RUNTIME": {"max_iterations": 7, "default_tools": ["list_models", "read_file"]}}\n'


def config(project: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a project, with these variables."""
    everything = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment}
    command = [sys.executable, "-m", "aksara_agent", "config", "--project", str(project), *options]
    return subprocess.run(command, env=everything, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_each_setting_stands_on_a_line_with_its_value_and_place(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(SETTINGS_PY)
    (tmp_path / "pyproject.toml").write_text("[tool.aksara-agent]\ntemperature = 0.5\n")
    done = config(tmp_path, AKSARA_AGENT_MODEL="openai:m", AKSARA_AGENT_MAX_COST="none")
    assert (done.returncode, done.stderr) == (0, "")
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    assert set(rows) == set(Context.model_fields) - {"project"} | {"API"}
    assert rows["max_iterations"] == ["7", "settings.py"]
    assert rows["tools"] == ["list_models,", "read_file", "settings.py"]
    assert rows["temperature"] == ["0.5", "pyproject.toml"]
    assert rows["model"] == ["openai:m", "AKSARA_AGENT_MODEL"]
    assert rows["max_cost"] == ["none", "AKSARA_AGENT_MAX_COST"]
    assert rows["allow_writes"] == ["true", "default"]
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_columns_are_aligned(blog: Path) -> None:
    lines = config(blog).stdout.splitlines()
    places = [line.rindex("default") if line.endswith("default") else line.rindex("settings.py") for line in lines[:-1]]
    assert len(set(places)) == 1


def test_json_has_every_value_with_its_place_in_full(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text(SETTINGS_PY.replace("7", 'int("7")'))
    done = config(tmp_path, "--json", AKSARA_AGENT_INTERACTIVE="yes")
    shown = json.loads(done.stdout)
    assert shown["project"] == str(tmp_path.resolve())
    assert set(shown["settings"]) == set(Context.model_fields) - {"project"}
    assert shown["settings"]["max_iterations"] == {"value": 7, "from": "settings.py AKSARA['AI_AGENT_RUNTIME']"}
    assert shown["settings"]["interactive"] == {"value": True, "from": "environment variable AKSARA_AGENT_INTERACTIVE"}
    assert shown["settings"]["max_retries"] == {"value": 3, "from": "default"}
    assert shown["api_keys"] == [{"model": "offline", "source": "none needed", "set": None}]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_no_secret_is_printed(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = config(
        tmp_path,
        *options,
        AKSARA_AGENT_CHECKPOINTS="postgresql://me:hunter2@db/sessions?password=hunter3",
        AKSARA_AGENT_BASE_URL="https://me:hunter4@llm.example.org/v1",
        AKSARA_AGENT_MODEL="openai:m",
        OPENAI_API_KEY="sk-hunter5",
    )
    assert done.returncode == 0
    assert "hunter" not in done.stdout + done.stderr
    assert "postgresql://me:***@db/sessions?password=***" in done.stdout
    assert "https://me:***@llm.example.org/v1" in done.stdout


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "offline: -"),
        ({"AKSARA_AGENT_MODEL": "openai:m"}, "openai:m: not set"),
        ({"AKSARA_AGENT_MODEL": "openai:m", "OPENAI_API_KEY": ""}, "openai:m: not set"),
        ({"AKSARA_AGENT_MODEL": "openai:m", "OPENAI_API_KEY": "k"}, "openai:m: set"),
        ({"AKSARA_AGENT_MODEL": "m", "AKSARA_AGENT_BASE_URL": "http://127.0.0.1:1/v1"}, "may need none"),
        ({"AKSARA_AGENT_MODEL": "m"}, "the name has no provider"),
        ({"AKSARA_AGENT_MODEL": "some-house:m", "SOME_HOUSE_API_KEY": "k"}, "some-house:m: set"),
        ({"AKSARA_AGENT_FALLBACK_MODELS": "offline,openai:f"}, "openai:f: not set"),
    ],
)
def test_it_says_where_the_key_of_each_model_would_come_from(
    tmp_path: Path, environment: dict[str, str], words: str
) -> None:
    keys = [line for line in config(tmp_path, **environment).stdout.splitlines() if line.startswith("API key")]
    assert any(words in line for line in keys)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('AKSARA = {"AI_AGENT_RUNTIME": {"max_iterations": "many"}}', "max_iterations='many' from settings.py"),
        ('import os\nAKSARA = {"AI_AGENT_RUNTIME": {"model": os.environ["NO_SUCH"]}}', "settings.py:2: KeyError"),
    ],
)
def test_wrong_settings_are_one_sentence_and_exit_code_2(tmp_path: Path, source: str, words: str) -> None:
    (tmp_path / "settings.py").write_text(source)
    done = config(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("aksara-agent: ") and words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_project_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    done = config(tmp_path / "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert "does not exist" in done.stderr


def test_an_unknown_key_is_a_warning_on_stderr(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text('AKSARA = {"AI_AGENT_RUNTIME": {"max_iteration": 7}}')
    done = config(tmp_path)
    assert done.returncode == 0
    assert done.stderr.startswith("aksara-agent: warning: Unknown setting 'max_iteration' in settings.py")
    assert len(done.stderr.splitlines()) == 1


def test_text_from_a_file_cannot_drive_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text('AKSARA = {"AI_AGENT_RUNTIME": {"model": "\\x1b]0;title\\x07\\u202e:m"}}')
    done = config(tmp_path)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout
    assert "\\x1b]0;title\\x07\\u202e:m" in done.stdout
