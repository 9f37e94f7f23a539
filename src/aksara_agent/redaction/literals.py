"""Which values are literal secrets, and which only stand for one: a variable, a template, a mask, a type."""

from __future__ import annotations

import re
from keyword import iskeyword

from aksara_agent.redaction.names import is_secret_name, is_weak_name

# The first digit is a letter: then a placeholder is an expression in Python, also where a bare value stood.
PLACEHOLDER = re.compile(r"\[secret-[a-f][0-9a-f]{7,63}\]")
REFERENCE = re.compile(
    r"""\$\{.* | \$\(.* | \$[A-Z_][A-Z0-9_]* | \{.*\} | <[^<>]*> | %\(\w+\)s | %\w{1,40}% | %[sr]
      | [*•.xX…_-]+ | (?i:(your|insert|enter|replace)[-_ ].*)
      | (?i:none|null|nil|undefined|true|false|yes|no|on|off)
      | (arn|env|file|https?|op|ssm|vault):.* | ~?\.{0,2}(/[\w.-]*)+""",
    re.VERBOSE | re.DOTALL,
)
TYPE = re.compile(r"(?i:any|base|bool|bytes|float|object|optional|secretstr|sha|str|string|text|u?int|utf|uuid)\d*")
EXPRESSION = re.compile(r"[A-Za-z_][\w.]*[(\[].*|[A-Za-z_]\w*(\.[A-Za-z_]\w*)+|[(\[{<].*", re.DOTALL)
NUMBER = re.compile(r"\d+|0x[0-9A-Fa-f]+")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
LONGEST_PASSPHRASE = 24  # words
MODULE = re.compile(r"[A-Za-z_]+(\.[A-Za-z_]+){2,}")


def is_reference(value: str) -> bool:
    """Whether the value stands for something that is not in the text."""
    return REFERENCE.fullmatch(value) is not None or ("_" in value and value.isupper() and is_secret_name(value))


def is_quoted_secret(name: str, value: str) -> bool:
    """Whether the text between quotes is the secret that its name promises."""
    if not any(map(str.isalnum, value)) or is_reference(value) or MODULE.fullmatch(value) or _is_prose(value):
        return False
    if value.lower().replace("-", "_") == name.lower().replace("-", "_"):  # a field called password
        return False
    if is_weak_name(name):
        return " " not in value and (len(value) >= 20 or (len(value) >= 6 and _digits(value) > 0))
    return True


def is_bare_secret(name: str, value: str, separator: str, *, spaced: bool) -> bool:
    """Whether a value without quotes is a literal, as in .env, INI and YAML files, and not code."""
    if is_reference(value) or EXPRESSION.fullmatch(value) or iskeyword(value) or value.lower() == name.lower():
        return False
    if TYPE.fullmatch(value) or (separator == ":" and value[0] in "*&!|>"):  # the marks of YAML
        return False
    if NUMBER.fullmatch(value):
        return len(value) >= 6 and not is_weak_name(name)
    identifier = IDENTIFIER.fullmatch(value) is not None
    if name.isupper():  # an environment variable, or a setting with its type
        return not identifier or (separator == "=" and not spaced) or value[0].islower()
    if separator == ":" or not identifier:
        return len(value) >= 6 and _digits(value) > 0 and any(character.isalpha() for character in value)
    return len(value) >= 8 and _digits(value) > 1 and "_" not in value


def _digits(value: str) -> int:
    return sum(character.isdigit() for character in value)


def _is_prose(value: str) -> bool:
    """A sentence, a title, a question or a whole text, as in translations; not a passphrase."""
    sentence = value[0].isupper() or value[-1] in ".?!:…"
    return " " in value and ((sentence and _digits(value) == 0) or len(value.split()) > LONGEST_PASSPHRASE)
