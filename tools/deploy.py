"""An external effect: pretend to deploy, and refuse environments that do not exist."""

from aksara_agent.tools import Tool, ToolRetry, register_tool

ENVIRONMENTS = ("staging", "production")


@register_tool
class DeployTool(Tool):
    """Replace the body with what deploys your application."""

    name = "deploy"
    description = "Deploy the application to staging or production."

    async def execute(self, environment: str) -> dict[str, str]:
        """The address of the deployed application."""
        if environment not in ENVIRONMENTS:
            raise ToolRetry(f"There is no environment {environment!r}; use one of {', '.join(ENVIRONMENTS)}.")
        return {"status": "deployed", "url": f"https://{environment}.example.org"}
