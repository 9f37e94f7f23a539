"""report: findings and suggestions as data, with every location checked against the project."""

from typing import Any

import pytest
from tool_use import Use

from aksara_agent.errors import ToolRetry
from aksara_agent.results import Action
from aksara_agent.tools.base import ToolContext
from aksara_agent.tools.registry import built_in

REPORT = built_in("report")
FIND = built_in("find_issues")


def finding(**place: Any) -> dict[str, Any]:
    return {"severity": "medium", "issue": "no index", "fix": "add one", **place}


def location(reported: dict[str, Any]) -> tuple[Any, Any, bool]:
    (only,) = reported["findings"]
    return only["file"], only["line"], only["verified"]


async def record(context: ToolContext, tool: str, output: Any, call_id: str = "earlier") -> None:
    await context.journal.finished(Action(tool, {}, call_id, context.run_id, status="done", output=output))


async def test_a_location_that_exists_is_kept(on_blog: Use) -> None:
    assert location(await on_blog(REPORT, findings=[finding(file="models/post.py", line=36)])) == (
        "models/post.py",
        36,
        False,
    )
    assert location(await on_blog(REPORT, findings=[finding(file="models/post.py")])) == ("models/post.py", None, False)


@pytest.mark.parametrize(
    "place",
    [
        {"file": "models/nothing.py", "line": 1},
        {"file": "models/post.py", "line": 5000},
        {"file": "models/post.py", "line": 0},
        {"file": "models/post.py", "line": -3},
        {"file": "../blog/models/post.py", "line": 1},
        {"file": "/etc/passwd", "line": 1},
        {"file": "models", "line": 1},
        {"file": "blog.db", "line": 1},
        {"file": "", "line": 1},
        {"file": None, "line": 7},
        {"line": 7},
        {},
    ],
)
async def test_a_location_that_does_not_exist_is_dropped_and_the_finding_stays(
    on_blog: Use, place: dict[str, Any]
) -> None:
    reported = await on_blog(REPORT, findings=[finding(**place)])
    assert location(reported) == (None, None, False)
    assert reported["findings"][0]["issue"] == "no index"


async def test_an_empty_file_is_a_place_but_has_no_line(context: ToolContext, use: Use) -> None:
    (context.workspace.root / "empty.py").touch()
    assert location(await use(REPORT, findings=[finding(file="empty.py")])) == ("empty.py", None, False)
    assert location(await use(REPORT, findings=[finding(file="empty.py", line=1)])) == (None, None, False)


async def test_a_finding_is_verified_only_where_a_tool_of_this_run_found_the_place(
    blog_context: ToolContext, on_blog: Use
) -> None:
    found = await FIND.run({"model": "Post"}, blog_context)
    await record(blog_context, "find_issues", found)
    place = {"file": found["findings"][0]["file"], "line": found["findings"][0]["line"]}
    assert location(await on_blog(REPORT, findings=[finding(**place)])) == (place["file"], place["line"], True)
    elsewhere = {**place, "line": 1}
    assert location(await on_blog(REPORT, findings=[finding(**elsewhere)]))[2] is False


async def test_a_place_written_in_another_way_is_the_same_place(blog_context: ToolContext, on_blog: Use) -> None:
    await record(blog_context, "find_issues", {"findings": [finding(file="models/post.py", line=36)]})
    reported = await on_blog(REPORT, findings=[finding(file="./models//post.py", line=36)])
    assert location(reported) == ("models/post.py", 36, True)


async def test_the_model_cannot_verify_its_own_findings(blog_context: ToolContext, on_blog: Use) -> None:
    first = await on_blog(REPORT, findings=[finding(file="models/post.py", line=36)])
    await record(blog_context, "report", first)
    again = await on_blog(REPORT, findings=[finding(file="models/post.py", line=36)])
    assert location(again) == ("models/post.py", 36, False)
    with pytest.raises(ToolRetry, match=r"findings\.0\.verified: Extra inputs are not permitted"):
        await on_blog(REPORT, findings=[finding(file="models/post.py", line=36, verified=True)])


@pytest.mark.parametrize(
    "output",
    [None, "text", {"findings": None}, {"findings": "none"}, {"findings": ["x", 5, {"file": 3}]}, {"findings": 7}],
)
async def test_outputs_of_other_tools_in_whatever_form_do_no_harm(
    blog_context: ToolContext, on_blog: Use, output: Any
) -> None:
    await record(blog_context, "my_tool", output)
    assert location(await on_blog(REPORT, findings=[finding(file="models/post.py", line=36)]))[2] is False


async def test_suggestions_are_sentences_that_end_with_their_place(on_blog: Use) -> None:
    reported = await on_blog(
        REPORT,
        suggestions=[
            "Add a slug",
            {"text": "Index created_at", "file": "models/post.py", "line": 38},
            {"text": "Split the file", "file": "models/post.py"},
            {"text": "Index models/post.py:38", "file": "models/post.py", "line": 38},
            {"text": "Look elsewhere", "file": "models/nothing.py", "line": 1},
        ],
    )
    assert reported["suggestions"] == [
        "Add a slug",
        "Index created_at (models/post.py:38)",
        "Split the file (models/post.py)",
        "Index models/post.py:38",
        "Look elsewhere",
    ]


async def test_an_empty_report_is_one(on_blog: Use) -> None:
    assert await on_blog(REPORT) == {"findings": [], "suggestions": []}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"severity": "terrible", "issue": "x", "fix": "y"}, "findings.0.severity"),
        ({"severity": "low", "issue": "x"}, "findings.0.fix: Field required"),
        ("a sentence", "findings.0"),
    ],
)
async def test_a_finding_without_severity_issue_or_fix_is_sent_back(on_blog: Use, wrong: Any, message: str) -> None:
    with pytest.raises(ToolRetry) as caught:
        await on_blog(REPORT, findings=[wrong])
    assert message in str(caught.value)


def test_the_schema_tells_the_model_what_a_finding_is() -> None:
    definitions = REPORT.parameters["$defs"]
    assert definitions["Reported"]["required"] == ["severity", "issue", "fix"]
    assert definitions["Reported"]["properties"]["severity"]["enum"] == ["high", "medium", "low", "info"]
