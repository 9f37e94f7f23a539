"""What squawk, a linter of PostgreSQL migrations, says about some SQL; nothing where it is not installed."""

from __future__ import annotations

import asyncio
import json
import shutil

# Advice about how migrations are run in general, not about this one.
EXCLUDED = "prefer-robust-stmts,require-lock-timeout,require-statement-timeout,require-timeout-settings"
SECONDS = 10.0


async def squawk_notes(sql: list[str]) -> list[str]:
    """One sentence for each warning."""
    program = shutil.which("squawk")
    if program is None or not sql:
        return []
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        program, "--reporter", "Json", f"--exclude={EXCLUDED}", stdin=pipe, stdout=pipe, stderr=pipe
    )
    text = "".join(f"{statement.rstrip(';')};\n" for statement in sql)
    try:
        async with asyncio.timeout(SECONDS):
            output, _ = await process.communicate(text.encode())
        found = json.loads(output)
    except (TimeoutError, ValueError) as error:
        return [f"squawk could not be used: {type(error).__name__}"]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return [f"squawk: {item['message']} {item['help'] or ''}".strip() for item in found]
