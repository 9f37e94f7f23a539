"""The secrets of the process itself are hidden as they are, in any text."""

import json
from urllib.parse import quote

import pytest

from aksara_agent.redaction import Redactor

VALUE = 'w0rd/"with" +signs'


@pytest.mark.parametrize(
    "variable",
    [
        "OPENAI_API_KEY",
        "GITHUB_TOKEN",
        "PGPASSWORD",
        "DB_PASS",
        "SENTRY_DSN",
        "STRIPE_KEY",
        "APP_SECRET",
        "REDISCLI_AUTH",
    ],
)
def test_the_value_of_a_variable_with_a_secret_name_is_hidden_in_any_sentence(variable: str) -> None:
    assert VALUE not in Redactor({variable: VALUE}).hide(f"it says {VALUE}, twice: {VALUE}!")


def test_it_is_hidden_in_json_and_in_a_url_too() -> None:
    redactor = Redactor({"TOKEN": VALUE})
    text = f"{json.dumps([VALUE])} https://example.org/?q={quote(VALUE, safe='')}"
    hidden = redactor.hide(text)
    assert json.dumps(VALUE)[1:-1] not in hidden
    assert quote(VALUE, safe="") not in hidden
    assert redactor.reveal(hidden) == text


def test_the_password_in_a_url_is_hidden_also_without_its_url() -> None:
    redactor = Redactor({"DATABASE_URL": "postgresql://app:p%40ssw0rd1@db/blog"})
    assert redactor.hide("connect with p@ssw0rd1 as app") != "connect with p@ssw0rd1 as app"
    assert redactor.hide("db/blog app postgresql") == "db/blog app postgresql"


def test_a_value_that_was_given_is_hidden() -> None:
    assert "given-key-1" not in Redactor(values=["given-key-1"]).hide("(given-key-1)")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SSH_AUTH_SOCK", "/tmp/agent.sock"),
        ("TOKEN_COUNT_KEY", "12345678901"),
        ("AUTH_BACKEND", "django.contrib.auth"),
        ("API_KEY", "short"),
        ("SECRET", "password"),
        ("TOKENIZERS_PARALLELISM", "false-or-so-1"),
        ("PATH", "usr-local-bin-1"),
        ("PWD", "/home/user/project-1"),
    ],
)
def test_ordinary_words_numbers_and_paths_stay_readable(variable: str, value: str) -> None:
    text = f"about {value} and more"
    assert Redactor({variable: value}).hide(text) is text


def test_a_database_password_that_is_a_word_is_hidden_in_urls_alone() -> None:
    redactor = Redactor({"DATABASE_URL": "postgresql://postgres:postgres@db/blog"})
    assert redactor.hide("the postgres server") == "the postgres server"
    assert redactor.hide("postgresql://postgres:postgres@db/blog").startswith("postgresql://postgres:[secret-")


def test_the_longer_of_two_values_is_hidden_whole() -> None:
    redactor = Redactor({"A_TOKEN": "abcdefgh1", "B_TOKEN": "abcdefgh1-and-more"})
    assert "more" not in redactor.hide("see abcdefgh1-and-more")
