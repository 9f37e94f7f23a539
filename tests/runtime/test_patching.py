"""patch_file in a run on the demo: previewed, approved as it was seen, and taken back byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, call, calls, says

FILES = ("models/post.py", "models/comment.py")


async def test_undo_restores_what_was_patched_byte_for_byte(own_blog: Path) -> None:
    (own_blog / FILES[0]).write_bytes((own_blog / FILES[0]).read_bytes().replace(b"\n", b"\r\n"))
    before = {path: (own_blog / path).read_bytes() for path in FILES}
    diff = "".join(
        f"--- a/{path}\n+++ b/{path}\n@@ -1,1 +1,2 @@\n {before[path].decode().splitlines()[0]}\n+# patched\n"
        for path in FILES
    )
    model = ScriptedModel(calls(call("patch_file", diff=diff)), says("Done."))
    async with AgentRuntime(own_blog, model=model) as runtime:
        result = await runtime.execute("Mark the models")
        assert result.modified_files == list(FILES)
        assert b"\r\n# patched\r\n" in (own_blog / FILES[0]).read_bytes()
        assert b"\n# patched\n" in (own_blog / FILES[1]).read_bytes()
        await runtime.undo(result.run_id)
    assert {path: (own_blog / path).read_bytes() for path in FILES} == before


async def test_a_supervised_patch_shows_the_diff_first(own_blog: Path) -> None:
    seen: list[str] = []
    first = (own_blog / FILES[0]).read_text().splitlines()[0]
    edit = {"path": FILES[0], "search": first, "replace": f"{first}\n# patched"}

    async def decide(tool: str, params: dict[str, Any], request: dict[str, Any]) -> bool:
        seen.append(request["preview"])
        return True

    model = ScriptedModel(calls(call("patch_file", edits=[edit])), says("Done."))
    async with AgentRuntime(own_blog, model=model, approval_callback=decide) as runtime:
        result = await runtime.execute("Mark the model", mode="supervised")
    assert [action.status for action in result.actions] == ["done"]
    assert seen[0].startswith(f"--- a/{FILES[0]}\n+++ b/{FILES[0]}\n@@ -1,")
    assert "\n+# patched\n" in seen[0]


async def test_an_approval_does_not_hold_for_a_file_that_has_changed_around_the_edit(own_blog: Path) -> None:
    file = own_blog / FILES[0]
    first, *rest = file.read_text().splitlines(keepends=True)
    edit = {"path": FILES[0], "search": first, "replace": f"{first}# patched\n"}

    async def decide(tool: str, params: dict[str, Any], request: dict[str, Any]) -> bool:
        file.write_text("".join([first, "# by a person\n", *rest]))
        return True

    model = ScriptedModel(calls(call("patch_file", edits=[edit])), says("Done."))
    async with AgentRuntime(own_blog, model=model, approval_callback=decide) as runtime:
        result = await runtime.execute("Mark the model", mode="supervised")
    assert result.actions[0].status == "failed"
    assert "changed since the edit was approved" in str(result.actions[0].error)
    assert "# patched" not in file.read_text()


async def test_a_refusal_is_told_to_the_model_which_can_do_better(own_blog: Path) -> None:
    text = (own_blog / "app.py").read_text()
    line = next(line for line in text.splitlines() if text.count(line) == 1 and len(line) > 20)
    wrong = {"path": "app.py", "search": f"{line}nowhere_like_this", "replace": "x"}
    right = {"path": "app.py", "search": line, "replace": f"{line}  # patched"}
    script = (calls(call("patch_file", edits=[wrong])), calls(call("patch_file", edits=[right])), says("Done."))
    model = ScriptedModel(*script)
    async with AgentRuntime(own_blog, model=model) as runtime:
        result = await runtime.execute("Mark it")
    assert [action.status for action in result.actions] == ["failed", "done"]
    assert repr(line) in str(result.actions[0].error)
