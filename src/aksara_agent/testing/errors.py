"""The one error of this package."""


class ScriptError(AssertionError):
    """The script of a test double is wrong, or does not fit what the agent did.

    It is an AssertionError because it is a finding about the test, never a failure of a provider.
    """
