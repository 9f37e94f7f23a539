"""The tables beside LangGraph's own; the same text for SQLite and PostgreSQL, but for the type of bytes."""

from __future__ import annotations

TABLES = (
    """CREATE TABLE IF NOT EXISTS aksara_sessions (
        session_id TEXT PRIMARY KEY,
        mode TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        owner TEXT,
        heartbeat DOUBLE PRECISION,
        created_at DOUBLE PRECISION NOT NULL,
        ended_at DOUBLE PRECISION
    )""",
    """CREATE TABLE IF NOT EXISTS aksara_runs (
        run_id TEXT PRIMARY KEY,
        session_id TEXT NOT NULL,
        mode TEXT NOT NULL,
        task TEXT NOT NULL,
        status TEXT NOT NULL,
        settings TEXT NOT NULL,
        started_at DOUBLE PRECISION NOT NULL,
        finished_at DOUBLE PRECISION,
        result TEXT
    )""",
    "CREATE INDEX IF NOT EXISTS aksara_runs_of_session ON aksara_runs (session_id, started_at)",
    """CREATE TABLE IF NOT EXISTS aksara_actions (
        run_id TEXT NOT NULL,
        call_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        tool TEXT NOT NULL,
        input TEXT NOT NULL,
        effect TEXT NOT NULL,
        status TEXT NOT NULL,
        output TEXT,
        error TEXT,
        duration_ms DOUBLE PRECISION NOT NULL,
        approval TEXT,
        attempts INTEGER NOT NULL DEFAULT 1,
        note TEXT,
        PRIMARY KEY (run_id, call_id)
    )""",
    """CREATE TABLE IF NOT EXISTS aksara_changes (
        run_id TEXT NOT NULL,
        call_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL,
        path TEXT NOT NULL,
        before_hash TEXT,
        after_hash TEXT,
        before_bytes {bytes},
        before_mode INTEGER,
        done INTEGER NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (run_id, call_id, position)
    )""",
    """CREATE TABLE IF NOT EXISTS aksara_row_changes (
        run_id TEXT NOT NULL,
        call_id TEXT NOT NULL,
        inverse TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (run_id, call_id)
    )""",
)


ADDED_COLUMNS = (  # since the first version, to stores that an older one has made
    ("aksara_runs", "result", "TEXT"),
    ("aksara_actions", "attempts", "INTEGER NOT NULL DEFAULT 1"),
    ("aksara_actions", "note", "TEXT"),
)


def tables(bytes_type: str) -> list[str]:
    """The statements that make the tables, with the database's type for bytes."""
    return [statement.replace("{bytes}", bytes_type) for statement in TABLES]
