"""Turns a scripted reply into what LangChain's chat models return: one message, or chunks of it."""

from collections.abc import Iterator
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk, InvalidToolCall, ToolCall
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk

from aksara_agent.testing.pieces import CallPiece, pieces_of
from aksara_agent.testing.replies import Call, Reply, Usage
from aksara_agent.testing.tool_check import parse_arguments


def message_of(reply: Reply, model_name: str) -> AIMessage:
    """The whole answer; tool calls whose arguments are no JSON object become invalid_tool_calls."""
    valid, invalid = [], []
    for tool_call in reply.tool_calls:
        arguments = parse_arguments(tool_call.raw_arguments)
        if arguments is None:
            invalid.append(_invalid(tool_call))
        else:
            valid.append(ToolCall(name=tool_call.name, args=arguments, id=tool_call.id, type="tool_call"))
    return AIMessage(
        content=reply.text,
        tool_calls=valid,
        invalid_tool_calls=invalid,
        usage_metadata=_usage(reply.usage),
        response_metadata=_metadata(reply, model_name),
    )


def chunks_of(reply: Reply, model_name: str) -> Iterator[ChatGenerationChunk]:
    """The answer piece by piece; the last chunk has the finish reason and the usage."""
    for piece in pieces_of(reply):
        yield ChatGenerationChunk(message=_chunk(piece))
    last = AIMessageChunk(content="", usage_metadata=_usage(reply.usage), chunk_position="last")
    yield ChatGenerationChunk(message=last, generation_info=_metadata(reply, model_name))


def _chunk(piece: str | CallPiece) -> AIMessageChunk:
    if isinstance(piece, str):
        return AIMessageChunk(content=piece)
    part = ToolCallChunk(name=piece.name, args=piece.arguments, id=piece.id, index=piece.index, type="tool_call_chunk")
    return AIMessageChunk(content="", tool_call_chunks=[part])


def _invalid(tool_call: Call) -> InvalidToolCall:
    return InvalidToolCall(
        name=tool_call.name,
        args=tool_call.raw_arguments,
        id=tool_call.id,
        error=f"the arguments of {tool_call.name} are not a JSON object: {tool_call.raw_arguments}",
        type="invalid_tool_call",
    )


def _usage(usage: Usage | None) -> UsageMetadata | None:
    if usage is None:
        return None
    return UsageMetadata(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        total_tokens=usage.input_tokens + usage.output_tokens,
    )


def _metadata(reply: Reply, model_name: str) -> dict[str, Any]:
    return {"finish_reason": reply.finish_reason, "model_name": model_name}
