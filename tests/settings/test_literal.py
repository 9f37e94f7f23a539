"""What is read from source is what importing the source would give; everything else is left to the import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aksara_agent.settings.find import SettingsModule
from aksara_agent.settings.imported import import_section
from aksara_agent.settings.literal import NotLiteral, read_literal
from aksara_agent.settings.plain import NotPlain, plain

MODULE = SettingsModule("settings", "settings.py")
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 62), 1 << 62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)
SECTIONS = st.dictionaries(st.text(max_size=12), VALUES, max_size=5)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples: each writes its settings.py anew."""
    return tmp_path_factory.mktemp("literal")


@settings(max_examples=40, deadline=None)
@given(section=SECTIONS)
def test_any_literal_section_is_read_as_it_would_be_imported(root: Path, section: dict[str, Any]) -> None:
    source = f"AKSARA = {{'AI_AGENT_RUNTIME': {section!r}}}\n".encode()
    (root / "settings.py").write_bytes(source)
    read = plain(read_literal(source), "here")
    assert repr(read) == repr(import_section(root, MODULE, "here"))


SECTION = "{'AI_AGENT_RUNTIME': {'max_iterations': %d}}"
STATEMENTS = st.sampled_from(
    [
        "AKSARA = " + SECTION % 1,
        "AKSARA: dict = " + SECTION % 2,
        "AKSARA: dict",
        "AKSARA = OTHER = " + SECTION % 3,
        "AKSARA = {'A': 1, **OTHER}",
        "AKSARA = {**OTHER, 'AI_AGENT_RUNTIME': {'max_iterations': 4}}",
        "AKSARA = {KEY: {'max_iterations': 5}, 'AI_AGENT_RUNTIME': {}}",
        "AKSARA = {'AI_AGENT_RUNTIME': {}, KEY: {'max_iterations': 6}}",
        "AKSARA = {'AI_AGENT_RUNTIME': {}, 'AI_AGENT_RUNTIME': {'max_iterations': len('seven')}}",
        "AKSARA = {'A': (AKSARA := {}), 'AI_AGENT_RUNTIME': {'max_iterations': 8}}",
        "AKSARA |= {'AI_AGENT_RUNTIME': {'max_iterations': 9}}",
        "AKSARA, X = " + SECTION % 10 + ", 1",
        "(AKSARA := " + SECTION % 11 + ")",
        "if X: AKSARA = " + SECTION % 12,
        "for AKSARA in [" + SECTION % 13 + "]: pass",
        "with nullcontext(" + SECTION % 14 + ") as AKSARA: pass",
        "class Local: AKSARA = " + SECTION % 15,
        "def set_it():\n    global AKSARA\n    AKSARA = " + SECTION % 16,
        "set_it()",
        "def AKSARA(): pass",
        "del AKSARA",
        "from other import *",
        "from other import AKSARA",
        "from other import RENAMED as AKSARA",
        "import other as AKSARA",
        "globals().update(AKSARA=" + SECTION % 17 + ")",
        "exec('AK' 'SARA = {}')",
        "setattr(sys.modules[__name__], 'AK' + 'SARA', {})",
        "sys.modules[__name__].__dict__['AK' + 'SARA'] = {}",
        "OTHER['AI_AGENT_RUNTIME'] = {'max_iterations': 18}",
        "OTHER = {}",
        "X = 'AKSARA'",
        "X = 0",
        "match " + SECTION % 19 + ":\n    case AKSARA: pass",
        "try: 1 / 0\nexcept ZeroDivisionError as AKSARA: pass",
        "getattr(__import__('settings'), 'AKSARA', {}).clear()",
    ]
)
HEAD = "import sys\nfrom contextlib import nullcontext\nKEY, X, OTHER = 'AI_AGENT_RUNTIME', 1, {}\n"
OTHER = f"AKSARA = {SECTION % 20}\nRENAMED = {SECTION % 21}\n"


@settings(max_examples=200, deadline=None)
@given(statements=st.lists(STATEMENTS, min_size=1, max_size=4))
def test_a_module_is_read_only_where_importing_it_gives_the_same(root: Path, statements: list[str]) -> None:
    source = HEAD + "\n".join(statements) + "\n"
    try:
        read = read_literal(source.encode())
    except NotLiteral:
        return
    (root / "other.py").write_text(OTHER)
    (root / "settings.py").write_text(source)
    program = "import settings; print(getattr(settings, 'AKSARA', {}).get('AI_AGENT_RUNTIME', {}))"
    done = subprocess.run([sys.executable, "-B", "-c", program], cwd=root, capture_output=True, text=True)
    if done.returncode == 0:  # else the module ends in an error, after its settings were written down
        assert done.stdout.strip() == repr(read)


@pytest.mark.parametrize(
    "source",
    [
        "AKSARA = {'AI_AGENT_RUNTIME': {'a': 1}}",
        "AKSARA: dict = {'AI_AGENT_RUNTIME': {'a': 1}}",
        "'''About AKSARA.'''\n# AKSARA\nAKSARA = {'AI_AGENT_RUNTIME': {'a': 1}}",
        "import os\nAKSARA = {'DATABASE': os.environ, 'NAME': 'AKSARA', 'AI_AGENT_RUNTIME': {'a': 1}}",
        "from os.path import *\nAKSARA = {'AI_AGENT_RUNTIME': {'a': 1}}",
        "AKSARA = {**{}, 'AI_AGENT_RUNTIME': {'a': 0}, 'AI_AGENT_RUNTIME': {'a': 1}}",
        "# coding: latin-1\nAKSARA = {'AI_AGENT_RUNTIME': {'a': 1}}",
    ],
)
def test_one_assignment_of_a_literal_is_read_whatever_stands_around_it(source: str) -> None:
    assert read_literal(source.encode()) == {"a": 1}


def test_a_literal_too_deep_for_us_is_left_to_the_project_s_python() -> None:
    deep = "[" * 5000 + "]" * 5000
    with pytest.raises(NotLiteral):
        read_literal(f"AKSARA = {{'AI_AGENT_RUNTIME': {{'a': {deep}}}}}".encode())


def test_a_reason_names_the_line() -> None:
    with pytest.raises(NotLiteral, match=r"^line 3 uses AKSARA beyond one assignment"):
        read_literal(b"AKSARA = {}\n\nAKSARA.clear()\n")


def test_numbers_texts_and_their_lists_and_mappings_are_plain() -> None:
    value = {"a": [1, 2.5, None, True, "x"], "b": {"c": ("d",)}}
    assert plain(value, "here") == {"a": [1, 2.5, None, True, "x"], "b": {"c": ["d"]}}
    with pytest.raises(NotPlain, match=r"^here\['a'\]\[0\] is of type complex"):
        plain({"a": [1j]}, "here")
