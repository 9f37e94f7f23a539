"""Settings of the blog. DATABASE_URL comes from the environment, or is blog.db beside this file."""

import os
from pathlib import Path

PROJECT_FOLDER = Path(__file__).resolve().parent

DATABASE_URL = os.environ.get("DATABASE_URL", f"sqlite:///{PROJECT_FOLDER / 'blog.db'}")

SECRET_KEY = "not-a-real-secret-4f1d2c3b5a69788796a5b4c3d2e1f00f"
TOKEN_LIFETIME_SECONDS = 24 * 60 * 60

AKSARA = {
    "AI_AGENT_RUNTIME": {
        # Model: None means the offline model; set "provider:name" for a real one
        "model": None,
        "temperature": 0.1,
        # Tools
        "allow_write_tools": True,
        "allow_system_tools": False,
        # Limits
        "max_iterations": 20,
        "max_tool_calls": 50,
        "timeout_seconds": 300,
        "max_total_tokens": 100000,
        # Safety
        "require_approval_for": ["delete_record", "run_command"],
        "sandbox_mode": False,
        # Logging
        "log_actions": True,
        "log_reasoning": False,
    },
}
