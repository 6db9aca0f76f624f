"""From the latest releases to the portal's RSS 2.0 feed.

Like the original: no kicker, links by the alias path, times with the zone «UT» to the minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from worker.demo.pages import ALIAS_PATH, FEED_PATH
from worker.demo.release import PortalRelease

CHANNEL = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>Alle Meldungen</title>
<link>{base}/</link>
<description>Ministerium für Soziales, Gesundheit und Integration</description>
<language>de</language>
<atom:link href="{base}{path}" rel="self" type="application/rss+xml" />
{items}
</channel>
</rss>
"""

ITEM = """<item>
<title>{title}</title>
<link>{link}</link>
<guid isPermaLink="true">{link}</guid>
<description><![CDATA[{summary}]]></description>
{date}</item>"""


def render_feed(releases: Sequence[PortalRelease], base_url: str) -> bytes:
    """The feed with an item for each release, in the given order."""
    items = "\n".join(_item(release, base_url) for release in releases)
    return CHANNEL.format(base=base_url, path=FEED_PATH, items=items).encode()


def _item(release: PortalRelease, base_url: str) -> str:
    return ITEM.format(
        title=escape(release.title),
        link=f"{base_url}{ALIAS_PATH}{release.slug}",
        summary=(release.summary or "").replace("]]>", "]]]]><![CDATA[>"),
        date=f"<pubDate>{_rfc822(release.published)}</pubDate>\n" if release.published else "",
    )


def _rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(second=0), usegmt=True).replace("GMT", "UT")
