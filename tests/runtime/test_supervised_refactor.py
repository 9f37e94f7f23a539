"""A supervised refactoring of the demo's API layer: the files match the decisions exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, call, calls, says

FILES = ("viewsets/user.py", "viewsets/post.py", "viewsets/comment.py")
MARK = "# refactored\n"


async def test_one_approved_one_edited_one_rejected(own_blog: Path) -> None:
    before = {path: (own_blog / path).read_text() for path in FILES}
    three = calls(*(call("write_file", path=path, content=MARK + before[path]) for path in FILES))

    async def decide(tool: str, params: dict[str, Any], request: dict[str, Any]) -> Any:
        assert "+# refactored" in request["preview"]
        if params["path"] == "viewsets/user.py":
            return True
        if params["path"] == "viewsets/comment.py":
            return {"type": "reject", "message": "Comments stay as they are."}
        edited = {"path": params["path"], "content": f"# by a person\n{params['content']}"}
        return {"type": "edit", "edited_action": {"name": tool, "args": edited}}

    model = ScriptedModel(three, says("Two of three."))
    async with AgentRuntime(own_blog, model=model, approval_callback=decide) as runtime:
        result = await runtime.execute("Refactor the API layer", mode="supervised")
        assert [(action.status, action.approval) for action in result.actions] == [
            ("done", "approve"),
            ("done", "edit"),
            ("rejected", "reject"),
        ]
        assert result.modified_files == ["viewsets/user.py", "viewsets/post.py"]
        after = {path: (own_blog / path).read_text() for path in FILES}
        assert after == {
            "viewsets/user.py": MARK + before["viewsets/user.py"],
            "viewsets/post.py": f"# by a person\n{MARK}{before['viewsets/post.py']}",
            "viewsets/comment.py": before["viewsets/comment.py"],
        }
        assert "Comments stay as they are." in [message.content for message in model.requests[1]]
        await runtime.undo(result.run_id)
    assert {path: (own_blog / path).read_text() for path in FILES} == before
