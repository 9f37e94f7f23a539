"""Secrets known by their shape: tokens of well-known services, key blocks, headers, passwords in URLs.

Own patterns: detect-secrets names lines, not spans, found 9 of our 18 samples, and was last released in 2024.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aksara_agent.redaction.literals import is_reference

Span = tuple[int, int]
Shapes = dict[str, re.Pattern[str]]

# Each pattern is tried only on a text that holds its literal. Its group, where it has one, is the secret. Quantifiers
# are bounded or possessive, so that no text takes more than linear time.
_START = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"  # also after an escape in source code: "\nsk-…"
_SHAPES = {
    "sk-": _START + r"sk-(?=[A-Za-z_-]{0,120}\d)(?=[\w-]{0,120}?[A-Za-z0-9]{12})[\w-]{20,250}",
    "k_live_": r"[rs]k_live_[A-Za-z0-9]{16,250}",
    "k_test_": r"[rs]k_test_[A-Za-z0-9]{16,250}",
    "whsec_": r"whsec_[A-Za-z0-9+/=]{24,100}",
    "ghp_": r"ghp_[A-Za-z0-9]{30,255}",
    "gho_": r"gho_[A-Za-z0-9]{30,255}",
    "ghu_": r"ghu_[A-Za-z0-9]{30,255}",
    "ghs_": r"ghs_[A-Za-z0-9]{30,255}",
    "ghr_": r"ghr_[A-Za-z0-9]{30,255}",
    "github_pat_": r"github_pat_[A-Za-z0-9_]{22,255}",
    "glpat-": r"glpat-[\w.-]{20,300}",
    "gldt-": r"gldt-[\w.-]{20,300}",
    "glrt-": r"glrt-[\w.-]{20,300}",
    "glcbt-": r"glcbt-[\w.-]{20,300}",
    "AKIA": r"AKIA[A-Z0-9]{16}(?![A-Za-z0-9+/=])",
    "ASIA": r"ASIA[A-Z0-9]{16}(?![A-Za-z0-9+/=])",
    "AIza": r"AIza[\w-]{35}(?![\w+/=-])",
    "GOCSPX-": r"GOCSPX-[\w-]{20,60}",
    "ya29.": r"ya29\.[\w-]{20,2000}",
    "xox": r"xox[abdeoprs]-(?=[A-Za-z-]{0,60}\d)[A-Za-z0-9-]{10,250}",
    "xapp-": r"xapp-\d-[A-Za-z0-9-]{20,250}",
    "hooks.slack.com": r"hooks\.slack\.com/services/([A-Za-z0-9/_-]{20,100})",
    "npm_": r"npm_[A-Za-z0-9]{36}",
    "pypi-Ag": r"pypi-Ag[\w-]{50,2000}",
    "hf_": r"hf_[A-Za-z0-9]{30,60}",
    "gsk_": r"gsk_[A-Za-z0-9]{40,80}",
    "SG.": r"SG\.[\w-]{16,40}\.[\w-]{30,60}",
    "lsv2_": r"lsv2_[a-z]{2}_\w{32,80}",
    "dop_v1_": r"dop_v1_[0-9a-f]{64}",
    "dckr_pat_": r"dckr_pat_[\w-]{20,60}",
    "shpat_": r"shpat_[0-9a-fA-F]{32}",
    "AccountKey=": r"AccountKey=([A-Za-z0-9+/=]{40,100})",
    "eyJ": r"(?:(?<![\w-])|(?<=\\[nrt]))eyJ[\w-]{8,4000}+\.eyJ[\w-]{4,16000}+\.[\w-]{0,2000}",
    "PRIVATE KEY": r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:\\[nr]|\s){0,6}(?=[A-Za-z0-9+/=]{16}|Proc-Type|Version|Comment)"
    r"((?:\\[nr]|[A-Za-z0-9+/=:,.\s]|-(?!----)){40,20000}+)",
    "://": r"://[^\s/:@\"'<>`]{0,128}:(?!\d{1,5}[/,;)?#])([^\s@\"'<>`]{1,256})@",
}
# Headers are written in any case: these are searched in the lower-cased text.
_HEADERS = {
    "authorization": r"authorization[\"'\\]{0,4}\s{0,4}[:=]\s{0,4}[\"'\\]{0,4}(?:apikey|basic|bearer|digest|token)"
    r"\s{1,4}([a-z0-9._~+/=-]{8,4096})",
    "bearer ": r"bearer (?=[a-z._~+/=-]{0,200}\d)([a-z0-9._~+/=-]{16,4096})",
}
SHAPES: Shapes = {literal: re.compile(pattern) for literal, pattern in _SHAPES.items()}
HEADERS: Shapes = {literal: re.compile(pattern) for literal, pattern in _HEADERS.items()}


def find_shapes(text: str, searched: str, shapes: Shapes) -> Iterator[Span]:
    """Where secrets of these shapes stand; ``searched`` is the text itself or its lower case, of the same length."""
    for literal, pattern in shapes.items():
        if literal in searched:
            for match in pattern.finditer(searched):
                start, end = match.span(match.lastindex or 0)
                if not is_reference(text[start:end]):
                    yield start, end
