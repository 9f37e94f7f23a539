"""A text file as lines that remember their own ends, and back to bytes without changing any of them."""

from __future__ import annotations

import codecs
import io
import tokenize
from dataclasses import dataclass
from typing import NamedTuple

from aksara_agent.errors import ToolFailed, ToolRetry
from aksara_agent.patching.edit import LINE_END


class Line(NamedTuple):
    """A line and what ends it; nothing does where the file ends without."""

    text: str
    end: str


@dataclass(frozen=True, slots=True)
class SourceText:
    """The lines of a file, and how it is encoded."""

    path: str
    lines: list[Line]
    encoding: str
    bom: bytes = b""

    def encoded(self, lines: list[Line]) -> bytes:
        """Other lines as bytes of this file. Raises ToolRetry for what the file's encoding cannot hold."""
        text = "".join(line.text + line.end for line in lines)
        try:
            data = self.bom + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            wrong = text[error.start]
            raise ToolRetry(f"{self.path} is {self.encoding}, which has no {wrong!r}. Write it another way.") from None
        if encoding_of(self.path, data) != (self.encoding, self.bom):
            raise ToolRetry(
                f"{self.path} would declare another encoding than {self.encoding}. Use write_file for that."
            )
        return data


def decoded(path: str, data: bytes) -> SourceText:
    """The text of a file. Raises ToolFailed for what is no text, or would not come back as the same bytes."""
    if b"\0" in data:
        raise ToolFailed(f"{path} is a binary file.")
    encoding, bom = encoding_of(path, data)
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + len(bom)
        raise ToolFailed(f"{path} is not {encoding} text: byte {at} cannot be decoded.") from None
    if bom + text.encode(encoding) != data:
        raise ToolFailed(f"{path} is {encoding} text that cannot be written back as the same bytes.")
    return SourceText(path, _lines(text), encoding, bom)


def encoding_of(path: str, data: bytes) -> tuple[str, bytes]:
    """The encoding and the byte order mark: UTF-8, or what a Python file declares."""
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    if not path.endswith((".py", ".pyi")):
        return "utf-8", bom
    try:
        declared, _ = tokenize.detect_encoding(io.BytesIO(data[len(bom) :]).readline)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise ToolFailed(f"{path} is not readable Python: {error}.") from None
    return declared.removesuffix("-sig"), bom


def _lines(text: str) -> list[Line]:
    texts, ends = LINE_END.split(text), LINE_END.findall(text)
    lines = [Line(*pair) for pair in zip(texts, [*ends, ""], strict=True)]
    return lines if lines[-1].text else lines[:-1]
