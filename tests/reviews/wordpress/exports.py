"""Exports as WordPress writes them, made for the tests."""

from __future__ import annotations

import io
from typing import Any

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
  <title>Ear Notes</title>
  <link>https://earnotes.example</link>
  <wp:wxr_version>1.2</wp:wxr_version>
  <wp:base_site_url>https://earnotes.example</wp:base_site_url>
  <wp:author><wp:author_login><![CDATA[nora]]></wp:author_login><wp:author_email>n@earnotes.example</wp:author_email>
    <wp:author_display_name><![CDATA[Nora Beck]]></wp:author_display_name></wp:author>
"""
FOOT = "</channel></rss>"


def item(post_id: int = 7, **told: Any) -> str:
    """A post; `meta` and `comments` are what they say, all else is text."""
    values: dict[str, Any] = {
        "kind": "post",
        "status": "publish",
        "title": "Two pairs for the night train",
        "slug": "night-train",
        "link": "https://earnotes.example/2024/03/night-train/",
        "html": "<p>Quiet matters.</p>",
        "excerpt": "What we slept with.",
        "date": "2024-03-05 21:10:00",
        "meta": {},
        "comments": "",
        **told,
    }
    meta = "".join(
        f"<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value>"
        "</wp:postmeta>"
        for key, value in values["meta"].items()
    )
    return f"""<item><title>{values["title"]}</title><link>{values["link"]}</link><dc:creator>nora</dc:creator>
      <content:encoded><![CDATA[{values["html"]}]]></content:encoded>
      <excerpt:encoded><![CDATA[{values["excerpt"]}]]></excerpt:encoded>
      <wp:post_id>{post_id}</wp:post_id><wp:post_date_gmt>{values["date"]}</wp:post_date_gmt>
      <wp:post_name>{values["slug"]}</wp:post_name><wp:status>{values["status"]}</wp:status>
      <wp:post_type>{values["kind"]}</wp:post_type>
      <category domain="category" nicename="travel"><![CDATA[Travel]]></category>
      {meta}{values["comments"]}</item>"""


def comment(comment_id: int, text: str, *, parent: int = 0, state: str = "1", **told: str) -> str:
    return f"""<wp:comment><wp:comment_id>{comment_id}</wp:comment_id>
      <wp:comment_author><![CDATA[{told.get("name", "Rae")}]]></wp:comment_author>
      <wp:comment_author_email>{told.get("email", "rae@mail.example")}</wp:comment_author_email>
      <wp:comment_author_url>{told.get("website", "")}</wp:comment_author_url>
      <wp:comment_author_IP>203.0.113.9</wp:comment_author_IP>
      <wp:comment_date_gmt>2024-03-06 08:00:00</wp:comment_date_gmt>
      <wp:comment_content><![CDATA[{text}]]></wp:comment_content><wp:comment_approved>{state}</wp:comment_approved>
      <wp:comment_type>{told.get("kind", "comment")}</wp:comment_type>
      <wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"""


def export(*items: str) -> io.BytesIO:
    return io.BytesIO((HEAD + "".join(items) + FOOT).encode())
