"""How do the tools and articles answer in the Model Context Protocol? By the official SDK; each call in a thread."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextContent,
    TextResourceContents,
    ToolAnnotations,
)
from mcp_types import Tool as ToolOut
from rest_framework.renderers import JSONRenderer

from reviews.mcp import articles
from reviews.mcp.arguments import RefusedError
from reviews.mcp.tools import BY_NAME, TOOLS, Tool
from reviews.plain_texts import article_markdown

log = logging.getLogger(__name__)

INSTRUCTIONS = (
    "Reviews, specs, scores and prices of headphones and headsets. Unknown is null, never absent. A price holds until "
    "its `expires_at`; where there is none, `price_unavailable_because` says why. Give readers the offer's `url` as it "
    "is, with its `link_label` and `disclaimer`: the links earn this site a commission, which ranks nothing."
)
MARKDOWN = "text/markdown"
_CLOSED = "Something on our side went wrong; it is written down. Ask again later."
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Answer = TypeVar("Answer")


def made_server(*, threads: int = 4) -> Server[Any]:
    """The server, for whatever transport. As many calls as `threads` ask the database at a time."""
    run = _Threads(threads).run

    async def list_tools(ctx: Any, params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[_shown(tool) for tool in TOOLS])

    async def call_tool(ctx: Any, params: CallToolRequestParams) -> CallToolResult:
        tool = BY_NAME.get(params.name)
        if tool is None:
            return _refusal(f"There is no tool `{params.name[:40]}`; there are {', '.join(BY_NAME)}.")
        return await run(partial(_called, tool, params.arguments or {}))

    async def list_resources(ctx: Any, params: PaginatedRequestParams | None) -> ListResourcesResult:
        return await run(partial(_listed, params.cursor if params else None))

    async def list_templates(ctx: Any, params: PaginatedRequestParams | None) -> ListResourceTemplatesResult:
        return ListResourceTemplatesResult(
            resource_templates=[
                ResourceTemplate(
                    uri_template=f"{articles.SCHEME}{{slug}}",
                    name="article",
                    title="An article in Markdown",
                    mime_type=MARKDOWN,
                )
            ]
        )

    async def read_resource(ctx: Any, params: ReadResourceRequestParams) -> ReadResourceResult:
        return await run(partial(_read, str(params.uri)))

    return Server(
        settings.SITE_NAME,
        title=settings.SITE_NAME,
        instructions=INSTRUCTIONS,
        website_url=settings.SITE_URL,
        version="1",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
    )


class _Threads:
    """Django's database is asked from threads of our own, each with a connection that is looked at before and after."""

    def __init__(self, number: int) -> None:
        self._pool = ThreadPoolExecutor(number, thread_name_prefix="mcp")

    async def run(self, ask: Callable[[], Answer]) -> Answer:
        def asked() -> Answer:
            close_old_connections()
            try:
                return ask()
            finally:
                close_old_connections()

        return await sync_to_async(asked, thread_sensitive=False, executor=self._pool)()


def _shown(tool: Tool) -> ToolOut:
    return ToolOut(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes.model_json_schema(),
        annotations=_READS,
    )


def _called(tool: Tool, given: dict[str, Any]) -> CallToolResult:
    try:
        answer = plain(tool.told(given, now=timezone.now()))
    except RefusedError as error:
        return _refusal(str(error))
    except Exception:
        log.exception("The tool %s failed.", tool.name)
        return _refusal(_CLOSED)
    text = answer["markdown"] if "markdown" in answer else json.dumps(answer, ensure_ascii=False)
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=answer)


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """As the API writes it: amounts as text, times in UTC."""
    written: dict[str, Any] = json.loads(JSONRenderer().render(answer))
    return written


def _refusal(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def _listed(cursor: str | None) -> ListResourcesResult:
    if cursor and not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 9):
        raise MCPError(code=INVALID_PARAMS, message="There is no such page; leave `cursor` out to begin anew.")
    start = int(cursor or 0)
    rows = articles.listed(start)
    return ListResourcesResult(
        resources=[
            Resource(
                uri=articles.address_of(one),
                name=one.public_slug or "",
                title=one.shown["title"],
                description=one.shown["standfirst"],
                mime_type=MARKDOWN,
            )
            for one in rows[: articles.PER_PAGE]
        ],
        next_cursor=str(start + articles.PER_PAGE) if len(rows) > articles.PER_PAGE else None,
    )


def _read(uri: str) -> ReadResourceResult:
    try:
        if not uri.startswith(articles.SCHEME):
            raise RefusedError(f"Only {articles.SCHEME}<slug> can be read here.")
        text = article_markdown(articles.published(uri.removeprefix(articles.SCHEME)), now=timezone.now())
    except RefusedError as error:
        raise MCPError(code=INVALID_PARAMS, message=str(error), data={"uri": uri[:200]}) from None
    except Exception:
        log.exception("The resource could not be read.")
        raise MCPError(code=INTERNAL_ERROR, message=_CLOSED) from None
    return ReadResourceResult(contents=[TextResourceContents(uri=uri, text=text, mime_type=MARKDOWN)])
