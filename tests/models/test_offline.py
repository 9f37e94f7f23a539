"""The offline model: honest rules, a real chat model to LangChain."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage

from aksara_agent import AgentRuntime
from aksara_agent.models.offline import OfflineModel


@pytest.mark.parametrize(
    ("task", "tools", "words"),
    [
        ("Review the Post model and suggest improvements", ["describe_model", "report"], ["Post.author_id", "slug"]),
        ("Review the User model and suggest improvements", ["describe_model", "report"], ["User.email"]),
        ("Find all models without indexes and suggest additions", ["find_issues", "report"], ["Comment.post_id"]),
        ("Analyze the codebase for security issues", ["find_issues", "report"], ["viewsets/search.py", "settings.py"]),
        ("Review code for issues", ["find_issues", "report"], ["settings.py", "Post.author_id"]),
        ("What models exist in the codebase?", ["list_models"], ["I found 5 models", "Category"]),
        ("Describe the Category model", ["describe_model"], ["parent_id"]),
        ("How many users are there?", ["list_models", "query_records"], ["User rows."]),
        (
            "Find users who haven't logged in for 90 days",
            ["list_models", "query_records"],
            ["last_login__lt", "now-90d"],
        ),
        ("Export all tags", ["list_models", "export_records"], ["30 Tag rows to `tags.csv`", "(id, name)"]),
        ("Search for 'created_at'", ["search_code"], ["models/post.py"]),
        ("Show the file models/tag.py", ["read_file"], ["class Tag"]),
    ],
)
async def test_the_usual_tasks_are_answered_from_tool_results(
    own_blog: Path, task: str, tools: list[str], words: list[str]
) -> None:
    async with AgentRuntime(own_blog) as runtime:
        result = await runtime.execute(task)
    assert [action.tool for action in result.actions] == tools
    assert [action.error for action in result.actions] == [None] * len(tools)
    assert [word for word in words if word not in result.output] == []
    assert "offline model" in result.output


async def test_for_what_it_has_no_rule_it_says_so_and_how_to_set_a_model(tmp_path: Path) -> None:
    result = await AgentRuntime(tmp_path).execute("Refactor the API layer")
    assert "I have no rule for this task" in result.output
    assert "AKSARA_AGENT_MODEL" in result.output
    assert result.actions == []


async def test_an_unknown_model_name_is_answered_with_the_close_ones(blog: Path) -> None:
    async with AgentRuntime(blog) as runtime:
        result = await runtime.execute("Review the Pots model")
    assert "Post" in result.output
    assert result.actions[0].status == "failed"


async def test_it_uses_only_the_tools_it_is_given(blog: Path) -> None:
    async with AgentRuntime(blog) as runtime:
        result = await runtime.execute(
            "Review the Post model and suggest improvements", tools=["describe_model", "read_file"]
        )
    assert result.suggestions, "report belongs to the runtime, whatever tools are chosen"


async def test_it_is_a_chat_model_that_streams_and_counts_no_tokens() -> None:
    message = [HumanMessage("Hello there")]
    whole = OfflineModel().invoke(message)
    pieces = [piece async for piece in OfflineModel().astream(message)]
    assert len(pieces) > 3
    assert "".join(str(piece.content) for piece in pieces) == whole.content
    assert whole.usage_metadata == {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
