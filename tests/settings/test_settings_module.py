"""AKSARA["AI_AGENT_RUNTIME"] of a settings module: read where it is a literal, else imported in a process."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest
from settings_files import IN_SETTINGS_PY, write, write_module

from aksara_agent import AgentRuntime
from aksara_agent.errors import ConfigurationError
from aksara_agent.settings import imported, load_context, load_settings

RAN = "from pathlib import Path\nPath('ran').touch()\n"
COMPUTED = {
    "a computed value": 'AKSARA = {"AI_AGENT_RUNTIME": {"max_iterations": int("7")}}',
    "the environment": 'import os\nAKSARA = {"AI_AGENT_RUNTIME": {"max_iterations": int(os.environ.get("NO", "7"))}}',
    "a merge": 'BASE = {"max_iterations": 7}\nAKSARA = {"AI_AGENT_RUNTIME": {**BASE}}',
    "a spread": 'X = {"AI_AGENT_RUNTIME": {"max_iterations": 7}}\nAKSARA = {"AI_AGENT_RUNTIME": {}, **X}',
    "a call": 'def build():\n    return {"AI_AGENT_RUNTIME": {"max_iterations": 7}}\nAKSARA = build()',
    "an update": 'AKSARA = {"AI_AGENT_RUNTIME": {}}\nAKSARA.update(AI_AGENT_RUNTIME={"max_iterations": 7})',
    "an item": 'AKSARA = {"AI_AGENT_RUNTIME": {}}\nAKSARA["AI_AGENT_RUNTIME"]["max_iterations"] = 7',
    "a second assignment": 'AKSARA = {}\nAKSARA = {"AI_AGENT_RUNTIME": {"max_iterations": 7}}',
    "an if": 'AKSARA = {}\nif True:\n    AKSARA = {"AI_AGENT_RUNTIME": {"max_iterations": 7}}',
    "a try": 'try:\n    AKSARA = {"AI_AGENT_RUNTIME": {"max_iterations": 7}}\nfinally:\n    pass',
    "an import": "from base import AKSARA",
    "a star": 'AKSARA = {"AI_AGENT_RUNTIME": {}}\nfrom base import *',
    "a star alone": "from base import *",
    "globals": 'globals()["AK" + "SARA"] = {"AI_AGENT_RUNTIME": {"max_iterations": 7}}',
    "a second name": 'AKSARA = SAME = {"AI_AGENT_RUNTIME": {}}\nSAME["AI_AGENT_RUNTIME"]["max_iterations"] = 7',
}
BASE = 'AKSARA = {"AI_AGENT_RUNTIME": {"max_iterations": 7}}\n'


@pytest.mark.parametrize("source", COMPUTED.values(), ids=COMPUTED.keys())
def test_settings_that_are_computed_are_those_that_the_project_would_have(tmp_path: Path, source: str) -> None:
    write_module(tmp_path, BASE, "base.py")
    write_module(tmp_path, RAN + source)
    with AgentRuntime(tmp_path) as runtime:
        assert runtime.resources.context.max_iterations == 7
    assert load_settings(tmp_path).places["max_iterations"] == IN_SETTINGS_PY
    assert (tmp_path / "ran").exists()


def test_a_literal_is_read_without_running_the_module(tmp_path: Path) -> None:
    write_module(tmp_path, RAN + BASE.replace("AKSARA =", "AKSARA: dict[str, object] ="))
    assert load_context(tmp_path).max_iterations == 7
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("source", [b"x = 1\0", b"\xff\xfe", b"", b"AKSARA = 5", b"AKSARA: dict", b"AKSARA = {"])
def test_a_module_that_says_nothing_to_us_is_passed_over(tmp_path: Path, source: bytes) -> None:
    (tmp_path / "settings.py").write_bytes(source)
    assert load_context(tmp_path).max_iterations == 20


def test_what_a_project_prints_reads_or_leaves_behind_does_not_disturb(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = (
        "import os, sys, subprocess, threading, warnings, atexit\n"
        "print('{\"section\": {}}', flush=True)\nos.write(1, b'noise\\n')\nos.write(2, b'noise\\n')\n"
        "subprocess.run(['echo', 'noise'])\nassert sys.stdin.read() == ''\nwarnings.warn('noise')\n"
        "threading.Thread(target=threading.Event().wait).start()\natexit.register(print, 'noise')\n"
        "assert sys.argv == ['aksara-agent-settings'] and os.getcwd() == sys.path[0]\n"
    )
    write_module(tmp_path, source + COMPUTED["a computed value"])
    write_module(tmp_path, "raise RuntimeError('not the project json')\n", "plain.py")
    assert load_context(tmp_path).max_iterations == 7
    assert capfd.readouterr() == ("", "")
    assert {path.name for path in tmp_path.iterdir()} == {"settings.py", "plain.py"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "import os; os.environ['REGION_OF_NOBODY']",
            r"settings\.py:3: .*the environment variable REGION_OF_NOBODY is not set: set it where you start",
        ),
        ("import nowhere_at_all", r"settings\.py:3: ModuleNotFoundError: No module named 'nowhere_at_all'"),
        ("import sys; sys.exit('no way')", r"settings\.py:3: SystemExit: the project called sys\.exit\('no way'\)"),
        ("raise ValueError('one\\n\\x1b]0;two')", r"settings\.py:3: ValueError: one \\x1b\]0;two\. "),
        ("x = (1", r"settings\.py:3: SyntaxError: '\(' was never closed"),
        ("import os; os._exit(3)", r"settings\.py: the interpreter ended with exit code 3"),
        ("import os; os.abort()", r"settings\.py: the interpreter ended with signal SIGABRT"),
        ("import helper", r"helper\.py:2: ZeroDivisionError: division by zero"),
    ],
)
def test_a_module_that_cannot_be_imported_is_an_error_with_file_line_and_advice(
    tmp_path: Path, line: str, message: str
) -> None:
    write_module(tmp_path, "\n1 / 0\n", "helper.py")
    write_module(tmp_path, f'N = int("7")\nAKSARA = {{"AI_AGENT_RUNTIME": {{"max_iterations": N}}}}\n{line}\n')
    with pytest.raises(ConfigurationError, match=message) as caught:
        AgentRuntime(tmp_path)
    assert "make AKSARA['AI_AGENT_RUNTIME'] one literal that nothing else changes." in str(caught.value)
    assert "\n" not in str(caught.value) and "\x1b" not in str(caught.value)


def test_the_message_says_why_a_module_with_a_literal_was_imported_at_all(tmp_path: Path) -> None:
    write_module(tmp_path, BASE + "import missing_package\nmissing_package.configure(locals())\n")
    with pytest.raises(ConfigurationError, match=r"because line 3 has 'locals', which can change AKSARA"):
        load_context(tmp_path)


def test_a_project_that_never_heard_of_us_stays_usable_with_a_warning(tmp_path: Path) -> None:
    write_module(tmp_path, "from missing_package import *\n")
    with pytest.warns(UserWarning, match=r"settings\.py:1: ModuleNotFoundError.* counts as without settings"):
        assert load_context(tmp_path).max_iterations == 20


@pytest.mark.parametrize("hanging", ["while True: pass", "import threading; threading.Event().wait()"])
def test_a_module_that_never_ends_is_stopped_and_its_line_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hanging: str
) -> None:
    monkeypatch.setattr(imported, "SECONDS", 0.5)
    write_module(tmp_path, f"AKSARA = dict(AI_AGENT_RUNTIME={{}})\n{hanging}\n")
    with pytest.raises(ConfigurationError, match=r"settings\.py:2: importing took longer than 0\.5 s and was stopped"):
        load_context(tmp_path)


def test_a_module_that_hangs_beyond_python_is_stopped_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imported, "SECONDS", 0.2)
    monkeypatch.setattr(imported, "GRACE", 0.2)
    write_module(
        tmp_path, "AKSARA = dict(AI_AGENT_RUNTIME={})\nimport os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n"
    )
    with pytest.raises(ConfigurationError, match=r"settings\.py: importing took longer than 0\.2 s and was stopped"):
        load_context(tmp_path)


@pytest.mark.parametrize("ending", ["", "while True: pass\n", "1 / 0\n", "import os; os.abort()\n"])
def test_no_process_that_a_module_started_outlives_the_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    os.mkfifo(tmp_path / "held")
    reading = os.open(tmp_path / "held", os.O_RDONLY | os.O_NONBLOCK)
    monkeypatch.setattr(imported, "SECONDS", 2.0)
    start = "import subprocess\nheld = open('held', 'w')\nprint('held', file=held, flush=True)\n"
    start += "subprocess.Popen(['sleep', '300'], stdout=held)\n"
    write_module(tmp_path, start + COMPUTED["a call"] + "\n" + ending)
    if ending:
        with pytest.raises(ConfigurationError):
            load_context(tmp_path)
    else:
        assert load_context(tmp_path).max_iterations == 7
    assert until_closed(reading) == b"held\n"


def until_closed(pipe: int) -> bytes:
    """What is read from a pipe until nobody holds its other end any more."""
    read = b""
    while select.select([pipe], [], [], 30)[0]:
        if not (chunk := os.read(pipe, 100)):
            os.close(pipe)
            return read
        read += chunk
    raise AssertionError("a process still holds the pipe")


def test_values_that_json_cannot_hold_are_refused_by_key(tmp_path: Path) -> None:
    write_module(
        tmp_path,
        "from pathlib import Path\nAKSARA = {'AI_AGENT_RUNTIME': {'checkpoints': Path('sessions.db').absolute()}}\n",
    )
    with pytest.raises(ConfigurationError) as caught:
        AgentRuntime(tmp_path)
    assert str(caught.value).startswith(f"{IN_SETTINGS_PY}['checkpoints'] is of type PosixPath; write it as text")


def test_the_project_s_own_interpreter_imports_it(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"], check=True)
    packages = next((tmp_path / ".venv").glob("lib/python*/site-packages"))
    (packages / "only_here.py").write_text("LIMIT = 7\n")
    write(tmp_path, settings='{"max_iterations": __import__("only_here").LIMIT}')
    assert load_context(tmp_path).max_iterations == 7


def test_a_project_s_interpreter_that_cannot_start_is_named(tmp_path: Path) -> None:
    write_module(tmp_path, "#!/nowhere/python\n", ".venv/bin/python")
    (tmp_path / ".venv/bin/python").chmod(0o755)
    write(tmp_path, settings='{"max_iterations": int("7")}')
    with pytest.raises(ConfigurationError, match=r"\.venv/bin/python cannot be started: "):
        load_context(tmp_path)


def test_an_edit_of_any_module_or_another_environment_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = (
        "import os, base\nAKSARA = {'AI_AGENT_RUNTIME': {'max_iterations': base.N, 'model': os.environ.get('M')}}\n"
    )
    write_module(write_module(tmp_path, source), "N = 7\n", "base.py")
    assert load_context(tmp_path).max_iterations == 7
    write_module(tmp_path, "N = 1000\n", "base.py")
    assert load_context(tmp_path).max_iterations == 1000
    monkeypatch.setenv("M", "openai:m")
    assert load_context(tmp_path).model == "openai:m"


def test_as_long_as_nothing_changes_the_module_is_imported_once(tmp_path: Path) -> None:
    write_module(tmp_path, "open('runs', 'a').write('x')\n" + COMPUTED["a call"])
    with AgentRuntime(tmp_path) as runtime:
        runtime.execute_sync("Which models exist?", max_tool_calls=5)
    assert (tmp_path / "runs").read_text() == "x"


MANAGE = 'import os\n\nif __name__ == "__main__":\n    {}\n'
SETDEFAULT = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")'
ITEM = 'os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"'


@pytest.mark.parametrize("statement", [SETDEFAULT, ITEM])
@pytest.mark.parametrize("path", ["shop/settings.py", "shop/settings/__init__.py"])
def test_the_settings_of_a_django_project_are_those_that_manage_py_names(
    tmp_path: Path, statement: str, path: str
) -> None:
    write_module(tmp_path, MANAGE.format(statement), "manage.py")
    write_module(tmp_path, BASE, path)
    loaded = load_settings(tmp_path)
    assert (loaded.context.max_iterations, loaded.places["max_iterations"]) == (
        7,
        f"{path} AKSARA['AI_AGENT_RUNTIME']",
    )


def test_split_settings_of_a_django_project_are_imported_as_their_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_module(tmp_path, MANAGE.format(SETDEFAULT), "manage.py")
    write_module(tmp_path, "", "shop/__init__.py")
    write_module(tmp_path, "from .base import *\n", "shop/settings/__init__.py")
    write_module(tmp_path, BASE, "shop/settings/base.py")
    write_module(
        tmp_path, "from .base import *\nAKSARA['AI_AGENT_RUNTIME']['max_iterations'] = 2\n", "shop/settings/ci.py"
    )
    assert load_context(tmp_path).max_iterations == 7
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "shop.settings.ci")
    assert load_context(tmp_path).max_iterations == 2
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "of.another.project")
    assert load_context(tmp_path).max_iterations == 7


@pytest.mark.parametrize("statement", ["pass", "(", 'x("DJANGO_SETTINGS_MODULE", "../../etc/x")', "nowhere"])
def test_a_manage_py_that_names_no_module_of_the_project_is_passed_over(tmp_path: Path, statement: str) -> None:
    write_module(tmp_path, MANAGE.format(statement), "manage.py")
    write_module(tmp_path, BASE)
    assert load_context(tmp_path).max_iterations == 7
