"""Edits of text files that are right or refused: search and replace, and unified diffs."""

from aksara_agent.patching.diff import edits_of
from aksara_agent.patching.edit import Edit, search_and_replace
from aksara_agent.patching.patch import Patched, patch
from aksara_agent.patching.python_source import why_it_does_not_parse
from aksara_agent.patching.unified import unified

__all__ = ["Edit", "Patched", "edits_of", "patch", "search_and_replace", "unified", "why_it_does_not_parse"]
