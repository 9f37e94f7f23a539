"""Secrets known by the name they are given, as in PASSWORD = "…", "client_secret": "…", api_key: … or DB_TOKEN=…."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator

from aksara_agent.redaction.literals import PLACEHOLDER, is_bare_secret, is_quoted_secret
from aksara_agent.redaction.names import is_secret_name
from aksara_agent.redaction.shapes import Span

WORDS = ("pass", "pwd", "secret", "token", "credential", "key", "salt")  # each name of a secret has one of them
NAME_CHARACTERS = string.ascii_letters + string.digits + "_-"
# What follows the word: the rest of the name, its closing quote, an annotation, a separator, the start of the value.
TAIL = re.compile(
    r"""(?P<rest>[\w-]{0,40}+) (?P<closing>\\{0,3}["'`])? \]? (?P<before>[ \t]{0,8})
        (?: (?::[ \t]{0,8}[\w.\[\],|\ ]{1,80})?(?P<equals>=)(?!=) | (?P<other>=>|:=|[=!]={1,2}|:(?!:)|,) )
        (?P<after>[ \t]{0,8}) (?:default[ ]?=[ ]?)?
        (?: (?P<prefix>[rbfuRBFU]{0,2})(?P<quote>\"{3}|'{3}|\\{0,3}["'`]) | (?=[^\s"'`]) )""",
    re.VERBOSE,
)
BODIES = {
    '"""': re.compile(r'((?:[^"\\]|\\.|"(?!"")){1,4096}+)"""', re.DOTALL),
    "'''": re.compile(r"((?:[^'\\]|\\.|'(?!'')){1,4096}+)'''", re.DOTALL),
    '"': re.compile(r'((?:[^"\\\n]|\\.){1,4096}+)"'),
    "'": re.compile(r"((?:[^'\\\n]|\\.){1,4096}+)'"),
    "`": re.compile(r"([^`\\\n]{1,4096}+)`"),
}
IN_TEXT = re.compile(r"([^\"'`\\\n]{1,4096}+)\\{1,3}[\"'`]")  # between quotes that are escaped themselves
MARKS = {'"': re.compile(r'(?<!\\)"'), "'": re.compile(r"(?<!\\)(?:(?<![A-Za-z0-9]{2})'|'(?!\w))")}  # no apostrophes
LOOKED_UP = re.compile(r"(?:get|getenv|setdefault|env|config)\([rbu]?[\"']$")
LINE_START = re.compile(r"[ \t]{0,100}(?:- |export |set |ENV |ARG |\w[\w.]{0,60}\.)?")
BARE = re.compile(r"[^\s\"'`]{1,4096}")
# Where a value in the middle of a line ends: in a connection string, after a space as in a log, in a URL or form.
INLINE = {
    ";": re.compile(r"[^\s\"'`;]{1,1024}"),
    " ": re.compile(r"[^\s\"'`;,()\[\]{}<>]{1,1024}"),
    "": re.compile(r"[^\s\"'`;&,()\[\]{}<>=]{1,1024}={0,2}"),
}
UNFINISHED = (",", "\\", "(", "[", "{", ":")


def find_assignments(text: str, lowered: str, words: Iterable[str]) -> Iterator[Span]:
    """Where literal values of secret names stand; ``lowered`` is the text in lower case, of the same length."""
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            end = at + len(word)
            tail = TAIL.match(text, end)
            if tail and (span := _value(text, at, tail)):
                yield span
            at = lowered.find(word, end)


def _value(text: str, at: int, tail: re.Match[str]) -> Span | None:
    """The span of the value, when the whole name is that of a secret and the value is a literal."""
    before = text[max(0, at - 64) : at]
    start = at - (len(before) - len(before.rstrip(NAME_CHARACTERS)))
    name = text[start : tail.start()] + tail["rest"]
    if not is_secret_name(name.strip("-")) or PLACEHOLDER.match(text, max(0, start - 1)):
        return None
    if tail["other"] == "," and not (tail["closing"] and LOOKED_UP.search(text[max(0, start - 20) : start])):
        return None
    if not tail["quote"]:
        return _bare(text, start, name, tail)
    return _quoted(text, name, tail) if tail["closing"] or _opens(text, tail) else None


def _opens(text: str, tail: re.Match[str]) -> bool:
    """Whether the quote begins a value. In ``"password=" + word`` it ends a string, and code follows."""
    marks = MARKS.get(tail["quote"])
    start, end = max(0, tail.start("quote") - 400), tail.start("quote")
    line = text[start:end].rpartition("\n")
    known = start == 0 or line[1]  # else the line is too long to tell
    return not (marks and known) or len(marks.findall(line[2])) % 2 == 0


def _quoted(text: str, name: str, tail: re.Match[str]) -> Span | None:
    quote = tail["quote"]
    body = BODIES.get(quote, IN_TEXT).match(text, tail.end())
    if not body or (("f" in tail["prefix"].lower() or quote == "`") and "{" in body[1]):
        return None
    return body.span(1) if is_quoted_secret(name, body[1]) else None


def _bare(text: str, start: int, name: str, tail: re.Match[str]) -> Span | None:
    separator, first = tail["equals"] or tail["other"], tail.end()
    if separator not in ("=", ":") or tail["closing"]:
        return None
    spaced = bool(tail["before"] or tail["after"])
    if not LINE_START.fullmatch(text[max(0, start - 100) : start].rpartition("\n")[2]):
        return _inline(text, start, first, name) if separator == "=" and not spaced else None
    found = BARE.match(text, first)
    if not found or text[found.end() : found.end() + 1] in ('"', "'", "`"):
        return None
    value = found[0].rstrip(";")
    whole = (separator == "=" and not spaced) or _is_whole_line(text, found.end())
    if not whole or not value or value.endswith(UNFINISHED):
        return None
    return (first, first + len(value)) if is_bare_secret(name, value, separator, spaced=spaced) else None


def _is_whole_line(text: str, end: int) -> bool:
    """Whether nothing but a comment follows on the line."""
    rest = text[end : end + 16].split("\n", 1)[0].strip()
    return not rest or rest.startswith(("#", ";", "//"))


def _inline(text: str, start: int, first: int, name: str) -> Span | None:
    """A value in the middle of a line: an option of a URL, a part of a connection string, a word in a log."""
    before = text[start - 1 : start]
    found = INLINE.get(before, INLINE[""]).match(text, first)
    if not found:
        return None
    part = before in ("?", "&", ";") or text[found.end() : found.end() + 1] in (";", "&", '"', "'")
    if part:
        return found.span() if is_bare_secret(name.upper(), found[0], "=", spaced=False) else None
    return found.span() if is_bare_secret(name.lower(), found[0], "=", spaced=True) else None
