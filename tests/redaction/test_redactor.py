"""Placeholders: the same for the same value, empty words to everybody else, and back to the value for files."""

import hashlib
import re
from typing import Any

import pytest

from aksara_agent.redaction import Redactor

SOURCE = 'SECRET_KEY = "django-insecure-1"\nAPI_KEY = "django-insecure-1"\nPASSWORD = "another"\n'


def test_the_same_value_has_the_same_placeholder_everywhere() -> None:
    redactor = Redactor()
    first, second, other = re.findall(r"\[secret-[0-9a-f]{8}\]", redactor.hide(SOURCE))
    assert first == second != other
    assert redactor.hide_data({"password": "django-insecure-1"}) == {"password": first}


def test_the_digits_are_of_no_use_without_the_key_of_the_process() -> None:
    first, second = (Redactor().hide('password = "hunter2"') for _ in range(2))
    assert first != second
    assert hashlib.sha256(b"hunter2").hexdigest()[1:8] not in first


def test_a_whole_file_that_a_model_read_and_writes_back_keeps_its_secrets() -> None:
    redactor = Redactor()
    read = redactor.hide(SOURCE)
    written = read.replace("API_KEY", "SERVICE_KEY") + "DEBUG = False\n"
    assert redactor.reveal(written) == SOURCE.replace("API_KEY", "SERVICE_KEY") + "DEBUG = False\n"


def test_placeholders_of_another_process_are_named_and_never_revealed() -> None:
    before, now = Redactor(), Redactor()
    old, new = before.hide('password = "hunter2"'), now.hide('password = "hunter2"')
    assert now.reveal(old) == old
    assert now.unknown_placeholders(f"{old}\n{new}\n{old}") == re.findall(r"\[secret-\w+\]", old)
    assert now.unknown_placeholders({"path": "a.py", "edits": [{"text": old}, new]}) == re.findall(r"\[.*\]", old)
    assert now.unknown_placeholders("[secret-…] and [secret-key]") == []


def test_two_values_that_share_digits_have_two_placeholders(monkeypatch: pytest.MonkeyPatch) -> None:
    class Weak:
        def __init__(self, *rest: Any) -> None:
            self.mark = rest[1]

        def hexdigest(self) -> str:
            return "a" * 10 + hashlib.sha256(self.mark).hexdigest()[:54]

    monkeypatch.setattr("aksara_agent.redaction.redactor.hmac.new", Weak)
    redactor = Redactor()
    hidden = redactor.hide(SOURCE)
    assert len(set(re.findall(r"\[secret-[0-9a-f]{8,12}\]", hidden))) == 2
    assert redactor.reveal(hidden) == SOURCE


def test_rows_are_hidden_by_the_names_of_their_columns() -> None:
    redactor = Redactor()
    row = {"id": 7, "name": "Ada", "password_hash": "!x", "otp": 123456, "token_count": 3, "salt": None, "secret": ""}
    hidden = redactor.hide_data({"rows": [row], "count": 1})["rows"][0]
    assert {key for key in row if hidden[key] != row[key]} == {"password_hash", "otp"}
    assert redactor.reveal_data({"rows": [hidden]}) == {"rows": [row]}
    assert isinstance(redactor.reveal_data(hidden)["otp"], int)


def test_lists_of_secrets_are_hidden_and_what_describes_a_secret_is_not() -> None:
    data = {
        "secret_keys": ["a", "b"],
        "properties": {"password": {"type": "string", "maxLength": 80}},
        "is_secret": True,
    }
    hidden = Redactor().hide_data(data)
    assert hidden["secret_keys"] != ["a", "b"]
    assert {**hidden, "secret_keys": []} == {**data, "secret_keys": []}


def test_a_file_in_the_output_of_a_tool_is_hidden_like_a_text() -> None:
    redactor = Redactor()
    hidden = redactor.hide_data({"path": "settings.py", "text": SOURCE})
    assert hidden == {"path": "settings.py", "text": redactor.hide(SOURCE)}


def test_half_characters_can_be_hidden_and_revealed() -> None:
    redactor, text = Redactor(), 'password = "\ud800abc"'
    assert redactor.reveal(redactor.hide(text)) == text


def test_letters_that_grow_in_lower_case_do_not_shift_what_is_hidden() -> None:
    assert re.fullmatch(r'İİİ PASSWORD = "\[secret-\w+\]"', Redactor().hide('İİİ PASSWORD = "hunter2"'))
