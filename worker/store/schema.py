"""How the tables people query came to be, migration by migration. Floor 2.

Each migration runs in a transaction of its own with the record that it ran, on what `FIRST_SCHEMA` made.
A column whose NULL has a meaning says so.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from worker.store.first_schema import FIRST_SCHEMA
from worker.store.search import index_all

migrations = Migrations("pressewacht")

_NORMS = """
create table norms (
    source text not null references sources(id),
    trait text not null,
    usual real not null,            -- a share from 0 to 1, or a size
    weight integer not null,        -- looks or releases it was learned from
    odd integer not null,           -- those in a row that were not like it
    odd_since text,                 -- NULL: the last one was
    drift text,                     -- NULL: all well
    page_sha256 text references pages(sha256),  -- the page that showed the drift; NULL: there is none
    primary key (source, trait)
) strict"""


# Only beginnings of four letters and more are asked for (`worker.search_terms`).
_SEARCH_BY_DAY = """
create virtual table releases_fts using fts5(
    title, text, terms, tokenize = 'unicode61 remove_diacritics 2', prefix = '4 5'
)"""


@migrations()
def first_schema(db: Database) -> None:
    """Everything the first version stores."""
    for statement in FIRST_SCHEMA:
        db.execute(statement)


@migrations()
def learned_norms(db: Database) -> None:
    """What is usual of each source, trait by trait, and the pages that were not."""
    db.execute(_NORMS)
    db.execute(
        """insert into norms (source, trait, usual, weight, odd)
           select id, 'entries', usual_items, 4, 0 from sources where usual_items is not null"""
    )
    db.execute("alter table sources drop column usual_items")
    db.execute("alter table sources add column newest_on text")  # NULL: no entry was ever seen
    # NULL: no trouble, or none that a page showed
    db.execute("alter table sources add column page_sha256 text references pages(sha256)")
    db.execute(
        """update sources set newest_on =
           (select min(max(coalesce(published, substr(first_seen_at, 1, 10))), date('now'))
            from items where source = id)"""
    )


@migrations()
def flood_brake(db: Database) -> None:
    """What came in a flood, and how much a walk brought that is not at its end."""
    db.execute("alter table items add column held integer not null default 0")
    db.execute("alter table events add column held integer not null default 0")
    db.execute("alter table sources add column arrivals integer not null default 0")


@migrations()
def second_witness(db: Database) -> None:
    """What the feed beside a listing was like when last heard."""
    # feed_fingerprint NULL: never heard; feed_not_before NULL: may be asked at once
    for column in ("feed_etag", "feed_last_modified", "feed_fingerprint", "feed_not_before"):
        db.execute(f"alter table sources add column {column} text")


@migrations()
def newest_first(db: Database) -> None:
    """What the start page tells, without reading every release and event."""
    db.execute(
        """create index releases_newest_first on releases
             (coalesce(published, first_seen_at), duplicate_of, published, first_seen_at)"""
    )
    db.execute("create index events_by_kind on events (kind)")


@migrations()
def originals_by_day(db: Database) -> None:
    """Where the original of a copy is looked for, however many releases there are."""
    db.execute(
        """create index originals_by_day
           on releases (substr(coalesce(published, first_seen_at), 1, 10), url) where duplicate_of is null"""
    )


@migrations()
def finer_search_terms(db: Database) -> None:
    """Short stems, stems inside compounds, forms with a gender mark."""
    index_all(db)


@migrations()
def kept_headers(db: Database) -> None:
    """What an answer said besides its body, as far as it tells about the page."""
    db.execute("alter table pages add column status integer not null default 200")
    db.execute("alter table pages add column etag text")
    db.execute("alter table pages add column last_modified text")


@migrations()
def releases_in_time(db: Database) -> None:
    """The order in which people read: by day, undated ones by when they were first seen."""
    db.execute("create index releases_in_time on releases (coalesce(published, first_seen_at), id)")


@migrations()
def indexes_for_large_stores(db: Database) -> None:
    """What a cycle, `status` and the shipped queries ask for, found without reading whole tables."""
    for statement in (
        "create index releases_doubled on releases (duplicate_of) where duplicate_of is not null",
        """create index releases_in_short on releases
           (source, published, first_seen_at, kicker, revision, state, duplicate_of)""",
        "create index releases_withdrawn on releases (url) where state = 'withdrawn'",
        "create index edits_by_time on revisions (seen_at, title, url, revision) where revision > 1",
        "create index items_unread on items (source, last_seen_at) where state in ('pending', 'failed')",
        "create index items_by_first_sight on items (first_seen_at)",
        "create index matches_nearly on matches (score) where relevant = 0 and score > 0",
        "create index amounts_by_value on amounts (value)",
        "create index digests_by_state on digests (channel, state)",
    ):
        db.execute(statement)


@migrations()
def numbers_by_day(db: Database) -> None:
    """Releases numbered by their day, so that the full-text index has the newest last (`_next_number`)."""
    db.execute(
        """update releases set id = numbered.id from (
             select url, day * 1000000 + row_number() over (partition by day order by id) as id
             from (select url, id, cast(replace(substr(coalesce(published, first_seen_at), 1, 10), '-', '')
                                        as integer) as day from releases)
           ) as numbered where numbered.url = releases.url"""
    )
    db.execute("drop table releases_fts")
    db.execute(_SEARCH_BY_DAY)
    index_all(db)


@migrations()
def originals_by_month(db: Database) -> None:
    """What the shipped queries count by month and by year lies in the indexes; two say what others said."""
    for statement in (
        "drop index releases_newest_first",
        "drop index releases_in_short",
        """create index originals_by_month on releases
           (substr(coalesce(published, first_seen_at), 1, 7), coalesce(kicker, '–'),
            published, first_seen_at, kicker, revision, state, url)
           where duplicate_of is null""",
        "create index releases_by_source on releases (source, next_look_at)",
    ):
        db.execute(statement)
