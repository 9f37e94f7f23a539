"""Ruff's security rules in our words: it gives no severity and no fix, so they are mapped here."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from aksara_agent.results import Finding

IGNORED = ("S101",)  # assert: every pytest file has them
HIGH = frozenset(
    {"S102", "S105", "S106", "S107", "S301", "S302", "S307", "S501", "S506", "S602", "S605", "S608", "S701", "S702"}
)
LOW = frozenset({"S110", "S112", "S113", "S311", "S403", "S404", "S603", "S606", "S607"})
FIXES = {
    "S102": "Do not run text as code; call the functions you need by name.",
    "S105": "Read the secret from the environment, and replace the one that is in the history.",
    "S106": "Read the secret from the environment, and replace the one that is in the history.",
    "S107": "Give the parameter no default and read the secret from the environment.",
    "S113": "Pass timeout=… to the request.",
    "S301": "Use JSON: unpickling runs what the data says.",
    "S307": "Use ast.literal_eval, or parse the format you expect.",
    "S311": "Use the secrets module where the number must not be guessed.",
    "S324": "Use SHA-256, or a password hash such as argon2 for passwords.",
    "S501": "Leave certificate verification on.",
    "S506": "Use yaml.safe_load.",
    "S602": "Pass a list of arguments without shell=True.",
    "S605": "Use subprocess with a list of arguments.",
    "S608": "Bind values as parameters (text('… :name') with {'name': value}) or build the query with select().",
}


def path_in(root: Path, file: str) -> str | None:
    """The path relative to the project, None for a file that lies elsewhere."""
    real, inside = Path(file).resolve(), root.resolve()
    return real.relative_to(inside).as_posix() if real.is_relative_to(inside) else None


def finding_of(found: dict[str, Any], file: str) -> Finding:
    """One diagnostic of ``ruff check --output-format=json`` as a finding in ``file``."""
    code = found["code"]
    return {
        "severity": _severity(code),
        "issue": f"{found['message']} ({code})",
        "fix": FIXES.get(code, f"See `ruff rule {code}`."),
        "file": file,
        "line": found["location"]["row"],
        "rule": code,
        "verified": True,
    }


def _severity(code: str) -> Literal["high", "medium", "low"]:
    if code in HIGH:
        return "high"
    return "low" if code in LOW else "medium"
