"""What holds for every text: hiding loses nothing, keeps no secret, and does nothing twice."""

import ast
import random
import string
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from aksara_agent.redaction import Redactor

TOKEN = string.ascii_letters + string.digits
FORMS = (
    "ghp_{x}", 'token = "sk-proj-{x}"', "Authorization: Bearer {x}", "https://app:{x}@db/blog", 'PASSWORD = "{x}"',
    "{{'api_key': '{x}'}}", "DB_PASSWORD={x}", "  password: {x}", "?api_key={x}&page=1", "key AIza{x:.35}",
)  # fmt: skip
PIECES = (
    "password", "api_key", "token", "SECRET_KEY", "x", "=", " = ", ": ", "==", "\n", " ", "    ", '"', "'", '"""', "\\",
    "{", "}", "[", "]", "(", ")", ",", ";", "#", "f'", "://", "@", ":", "-----BEGIN PRIVATE KEY-----", "eyJ", "sk-",
    "hunter2", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", "None", "str", "def f", "if ", "bearer ", "&", "é", "İ",
)  # fmt: skip

secrets = st.integers().map(lambda seed: "a1" + "".join(random.Random(seed).choices(TOKEN, k=38)))
pieces = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
texts = st.one_of(pieces, st.text(max_size=200), st.builds("{}{}{}".format, pieces, secrets, pieces))
data = st.recursive(
    texts | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(PIECES) | st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(texts)
def test_what_is_hidden_can_be_revealed(text: str) -> None:
    redactor = Redactor()
    assert redactor.reveal(redactor.hide(text)) == text


@given(texts)
@example("ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8=hunter2")
def test_hiding_twice_hides_no_more_than_hiding_once(text: str) -> None:
    redactor = Redactor()
    once = redactor.hide(text)
    assert redactor.hide(once) is once


@given(data)
def test_hidden_data_can_be_revealed_and_is_hidden_once(given_data: Any) -> None:
    redactor = Redactor()
    once = redactor.hide_data(given_data)
    assert redactor.reveal_data(once) == given_data
    assert redactor.hide_data(once) == once


@given(st.text(alphabet="abc xyz.\n", max_size=80), st.sampled_from(FORMS), secrets, st.text("abc xyz.\n", max_size=80))
def test_no_planted_secret_survives(before: str, form: str, secret: str, after: str) -> None:
    planted = form.format(x=secret)
    hidden = Redactor().hide(f"{before}\n{planted}\n{after}")
    assert secret[:35] not in hidden


@given(texts, secrets, texts)
def test_no_secret_of_the_process_survives_wherever_it_stands(before: str, secret: str, after: str) -> None:
    redactor = Redactor({"SERVICE_TOKEN": secret})
    assert secret not in redactor.hide(before + secret + after)
    assert secret not in str(redactor.hide_data({before: [after, {"note": before + secret}], secret: 1}))


@given(st.text(alphabet=string.ascii_letters + string.digits + " .,()-\n", max_size=300))
@example("The quick brown fox.")
def test_a_text_without_anything_like_a_secret_is_given_back_itself(text: str) -> None:
    lowered = text.lower()
    if not any(word in lowered for word in ("pass", "pwd", "secret", "token", "credential", "key", "salt", "bearer")):
        assert Redactor().hide(text) is text


names = st.sampled_from(["password", "API_KEY", "self.secret_key", "conf['db_password']", "token", "x", "max_tokens"])
strings = st.builds(
    lambda prefix, text: prefix + repr(text),
    st.sampled_from(["", "f", "r", "rb"]),
    st.text(string.ascii_letters + string.digits + "{}\\\"' =:@/-", max_size=30),
)
values = st.one_of(
    strings,
    names,
    st.integers().map(str),
    st.builds("{} + {}".format, strings, names),
    st.sampled_from(["None", "f(1)"]),
)
spaces = st.sampled_from([" = ", "=", " == ", "  =  "])
statements = st.builds("{}{}{}".format, names, spaces, values) | st.builds("f({}={}, {})".format, names, values, values)
lines = statements | st.builds("password: {}".format, values) | st.builds("if token == {}: pass".format, values)


@given(st.lists(lines, max_size=6).map("\n".join))
@example('query = "?password=" + word + "&page=1"')
@example('"AccountKey=": r"AccountKey=abc"')
@example("API_KEY=hunter2\ndef f(): return API_KEY")
def test_python_that_parses_still_parses(source: str) -> None:
    if parses(source):
        assert parses(Redactor().hide(source))


def parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True
