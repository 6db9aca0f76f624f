"""A saved page in, a record out: reading and understanding, joined. Floor 1.

Pure: the same page and listing entry always give the same record, and nothing is fetched or stored.
"""

from __future__ import annotations

from worker.models.listing import ListingItem
from worker.models.page import Page
from worker.models.release import Release


def extract_release(page: Page, *, listed: ListingItem | None = None) -> Release:
    """Read `page` and understand it; `listed` is what the listing said about it.

    Raises ParseError: `not-html`, `empty`, `incomplete`, `too-complex` from reading, `no-title`,
    `no-body`, `not-a-release` from understanding.
    """
    # Loaded with the first page: most runs find nothing new, and need neither rules nor vocabulary.
    from worker.reading.page import read_page
    from worker.understanding.release import understand

    return understand(read_page(page), listed=listed)
