"""Tools of your own, in every form that AgentRuntime takes."""

from __future__ import annotations

from pathlib import Path

from langchain_core.tools import tool

from aksara_agent import AgentRuntime
from aksara_agent.testing import ScriptedModel, call, calls, says
from aksara_agent.tools import Tool, ToolRetry, register_tool


async def test_a_registered_tool_class_is_known_by_its_name(tmp_path: Path) -> None:
    @register_tool
    class DeployTool(Tool):
        name = "deploy"
        description = "Deploy the application"

        async def execute(self, environment: str) -> dict[str, str]:
            return {"status": "deployed", "url": f"https://{environment}.example.org"}

    model = ScriptedModel(calls(call("deploy", environment="staging")), says("Deployed."))
    result = await AgentRuntime(tmp_path, model=model, tools=["deploy"]).execute("Deploy to staging")
    assert result.actions[0].output == {"status": "deployed", "url": "https://staging.example.org"}
    assert result.actions[0].effect == "external"


async def test_functions_and_langchain_tools_can_be_handed_over_as_they_are(tmp_path: Path) -> None:
    def double(number: int) -> int:
        """Twice the number."""
        return number * 2

    async def triple(number: int) -> int:
        """Three times the number."""
        return number * 3

    @tool
    def half(number: float) -> float:
        """Half the number."""
        return number / 2

    three = calls(call("double", number=4), call("triple", number=4), call("half", number=4))
    model = ScriptedModel(three, says("8, 12 and 2."))
    result = await AgentRuntime(tmp_path, model=model, tools=[double, triple, half]).execute("Calculate")
    assert [action.output for action in result.actions] == [8, 12, "2.0"]


async def test_a_tools_folder_is_searched(tmp_path: Path) -> None:
    folder = tmp_path / "agent_tools"
    folder.mkdir()
    (folder / "weather.py").write_text(
        "from aksara_agent.tools import register_tool\n\n"
        "@register_tool(effect='read')\n"
        "def weather(city: str) -> str:\n    '''The weather in a city.'''\n    return f'Rain in {city}'\n"
    )
    model = ScriptedModel(calls(call("weather", city="Bergen")), says("Rain."))
    runtime = AgentRuntime(tmp_path, model=model, tools=["weather"], tools_folder=folder)
    result = await runtime.execute("Weather?")
    assert (result.actions[0].output, result.actions[0].effect) == ("Rain in Bergen", "read")


async def test_what_a_tool_raises_reaches_the_model_and_the_run_goes_on(tmp_path: Path) -> None:
    async def choosy(number: int) -> int:
        """Only takes 7."""
        if number != 7:
            raise ToolRetry("Give 7.")
        raise LookupError("even 7 is gone")

    model = ScriptedModel(calls(call("choosy", number=1)), calls(call("choosy", number=7)), says("It failed."))
    result = await AgentRuntime(tmp_path, model=model, tools=[choosy]).execute("Try")
    assert [action.error for action in result.actions] == ["Give 7.", "LookupError: even 7 is gone"]
    assert result.success and result.output == "It failed."
    heard = [str(message.content) for message in model.requests[-1] if message.type == "tool"]
    assert heard == ["Give 7.", "LookupError: even 7 is gone"]
