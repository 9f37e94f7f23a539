"""patch_file: edits of one or more files, all of them or none, each right or refused."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from aksara_agent.confined import parts_of
from aksara_agent.errors import ToolError, ToolFailed, ToolRetry
from aksara_agent.patching import Edit, Patched, edits_of, patch, search_and_replace, unified
from aksara_agent.tools.base import Preview, Tool, ToolContext
from aksara_agent.workspace import Workspace

NOTHING = "Nothing was written."


class SearchAndReplace(BaseModel):
    """One edit of one file."""

    model_config = ConfigDict(extra="forbid")

    path: Annotated[str, Field(description="Path relative to the project.")]
    search: Annotated[str, Field(description="Lines as they stand in the file, enough of them to fit one place only.")]
    replace: Annotated[str, Field(description="What stands there afterwards, in full.")]
    all: Annotated[bool, Field(description="Replace every place where the text stands exactly so.")] = False


class PatchFile(Tool):
    """Search and replace, or a unified diff. Ambiguity and doubt are refused, with what the file really says."""

    name = "patch_file"
    description = (
        "Change parts of existing text files; give edits, or diff. Each edit must fit exactly one place of the file as "
        "it is now; edits of one call do not see each other. All are made, or none."
    )
    effect = "write"
    only_files = True

    async def foresee(self, arguments: dict[str, Any], context: ToolContext) -> Preview | None:
        """The change as a unified diff, and a mark of it that holds wherever in the files it stands."""
        patches = await asyncio.to_thread(_patches, context.workspace, **self.validate(arguments))
        return Preview(_unified(patches), _fingerprint(patches))

    def preview(self, arguments: dict[str, Any], workspace: Workspace) -> str | None:
        """The change of all files as a unified diff."""
        return _unified(_patches(workspace, **self.validate(arguments)))

    async def execute(
        self,
        context: ToolContext,
        edits: Annotated[Sequence[SearchAndReplace], Field(description="Search and replace, the safest form.")] = (),
        diff: Annotated[
            str, Field(description="A unified diff of existing files, with lines around each change.")
        ] = "",
    ) -> dict[str, Any]:
        """The files, the lines where edits applied, and what had to be overlooked to find them."""
        return await asyncio.to_thread(_apply, context, edits, diff)


def _apply(context: ToolContext, edits: Sequence[SearchAndReplace], diff: str) -> dict[str, Any]:
    patches = _patches(context.workspace, edits, diff)
    if context.approved and context.approved != _fingerprint(patches):
        raise ToolRetry(f"{NOTHING} The files have changed since the edit was approved; ask again.")
    try:
        context.workspace.replace_all([(each.path, each.before, each.after) for each in patches])
    except ToolError as error:
        left = ", ".join(change["path"] for change in context.workspace.changes)
        raise type(error)(f"{f'Only {left} was written.' if left else NOTHING} {error}") from None
    return {"files": [_told(each) for each in patches]}


def _patches(workspace: Workspace, edits: Sequence[SearchAndReplace] = (), diff: str = "") -> list[Patched]:
    """Every file with its edits made. Raises ToolError with what is wrong with any of them."""
    patches, wrong, final = [], [], False
    for path, of_file in _by_path(_edits(edits, diff)).items():
        try:
            data = workspace.read_bytes(path)
            patches.append(patch(path, data, of_file))
            workspace.refuse_changed(path, data)
        except ToolError as error:
            wrong.append(str(error))
            final = final or isinstance(error, ToolFailed)
    if wrong:
        raise (ToolFailed if final else ToolRetry)("\n".join([NOTHING, *wrong]))
    return patches


def _edits(edits: Sequence[SearchAndReplace], diff: str) -> list[Edit]:
    """The edits of the form that was used. Raises ToolRetry for none and for both."""
    if bool(edits) == bool(diff.strip()):
        raise ToolRetry('Give either edits, e.g. [{"path": "a.py", "search": "x = 1", "replace": "x = 2"}], or diff.')
    if edits:
        return [search_and_replace(e.path, e.search, e.replace, everywhere=e.all) for e in edits]
    return edits_of(diff)


def _by_path(edits: Sequence[Edit]) -> dict[str, list[Edit]]:
    """The edits of each file, however its path was written."""
    files: dict[str, list[Edit]] = {}
    for edit in edits:
        files.setdefault(parts_of(edit.path).as_posix(), []).append(edit)
    return files


def _unified(patches: Sequence[Patched]) -> str:
    return "\n".join(line for each in patches for line in unified(each))


def _fingerprint(patches: Sequence[Patched]) -> str:
    """A digest of the change with the lines around it, but not of where it stands."""
    lines = [line for each in patches for line in unified(each) if not line.startswith("@@ ")]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def _told(each: Patched) -> dict[str, Any]:
    told: dict[str, Any] = {"path": each.path, "lines": [place.line + 1 for place in each.places]}
    overlooked = [f"line {place.line + 1}: {place.relaxed}" for place in each.places if place.relaxed]
    return {**told, "overlooked": overlooked} if overlooked else told
