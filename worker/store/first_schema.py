"""The tables and indexes of the first version: never edited, `schema` says what changed since. Floor 2.

A column whose NULL has a meaning says so; times are UTC ISO 8601 ending in `Z`, days `YYYY-MM-DD`.
"""

from __future__ import annotations

_SOURCES = """
create table sources (
    id text primary key,
    etag text,                      -- validators are stored with what was parsed, never before
    last_modified text,
    fingerprint text,               -- of the first listing page's entries; NULL: never read
    first_polled_at text,
    full_look_at text,              -- last look without validators
    last_success_at text,
    last_status text,
    last_error text,                -- NULL: all well
    failures integer not null default 0,
    not_before text,                -- NULL: may be polled at once
    retry_after_until text,         -- the server's own wish; obeyed even by hand
    unread_from integer,            -- first page the last walk did not reach; NULL: it was complete
    usual_items integer,
    backfill_url text               -- NULL: no backfill is under way
) strict"""

_ITEMS = """
create table items (
    url text primary key,
    identity text not null unique,  -- host/pid/SLUG: one release under several addresses
    link text not null,             -- the address as listed
    source text not null references sources(id),
    kicker text,
    title text not null,
    teaser text,
    published text,                 -- NULL: the listing shows no date
    first_seen_at text not null,
    last_seen_at text not null,
    relevant integer not null default 0,
    score real not null default 0,
    state text not null check (state in ('pending', 'fetched', 'skipped', 'failed')),
    attempts integer not null default 0,
    next_attempt_at text,           -- NULL: at once
    news_since text,                -- NULL: news whatever its date
    last_error text
) strict"""

_PAGES = """
create table pages (
    sha256 text primary key,        -- of the uncompressed body
    url text not null,
    content_type text not null,
    fetched_at text not null,
    body blob not null              -- zlib
) strict"""

_RELEASES = """
create table releases (
    url text primary key references items(url),
    id integer not null unique,     -- the rowid of releases_fts
    source text not null references sources(id),
    kicker text,
    title text not null,
    published text,                 -- NULL: known neither from the page nor from the listing
    lead text,
    text text not null,
    revision integer not null,
    state text not null check (state in ('live', 'withdrawn')),
    content_sha256 text not null,
    first_seen_at text not null,
    changed_at text not null,
    duplicate_of text references releases(url),  -- NULL: the first of its content
    etag text,
    last_modified text,
    missing_looks integer not null default 0,
    returning_sha256 text,          -- NULL: no earlier wording is waiting to be seen twice
    next_look_at text               -- NULL: no longer watched
) strict"""

_REVISIONS = """
create table revisions (
    url text not null references releases(url),
    revision integer not null,
    seen_at text not null,
    title text not null,
    lead text,
    text text not null,
    content_sha256 text not null,
    record text not null,           -- the whole record as JSON
    extractor text not null,
    page_sha256 text references pages(sha256),
    primary key (url, revision)
) strict"""

_EVENTS = """
create table events (
    id integer primary key autoincrement,
    kind text not null check (kind in ('new', 'changed', 'withdrawn', 'restored')),
    url text not null references releases(url),
    revision integer not null,
    happened_at text not null,
    topics text not null default '' -- those it concerned when it happened, separated by spaces
) strict"""

_ONE_EVENT = """
create unique index one_event_per_revision on events (url, revision) where kind in ('new', 'changed')"""

_MATCHES = """
create table matches (
    url text not null references items(url),
    topic text not null,
    relevant integer not null,
    score real not null,
    evidence text not null,         -- JSON: the rules that spoke
    primary key (url, topic)
) strict"""

_PARTS = (
    """create table images (url text not null references releases(url), position integer not null,
       src text, alt text, caption text, credit text, primary key (url, position)) strict""",
    """create table links (url text not null references releases(url), position integer not null,
       text text not null, link text, primary key (url, position)) strict""",
    """create table quotes (url text not null references releases(url), position integer not null,
       speaker text, role text, text text not null, primary key (url, position)) strict""",
    """create table amounts (url text not null references releases(url), position integer not null,
       value real not null, unit text not null, text text not null, primary key (url, position)) strict""",
)

_CHANNELS = """
create table channels (
    id text primary key,
    registered_at text not null,
    last_slot text,                 -- local wall-clock time; NULL: no slot of its schedule has passed yet
    after_trouble integer not null default 0,  -- alerts told up to here
    in_trouble integer not null default 0,
    disabled_at text,               -- NULL: in use; set when the receiver answered 410
    last_sent_at text
) strict"""

_SUBSCRIBERS = """
create table subscribers (
    channel text not null references channels(id),
    recipient text not null default '',  -- as in digests
    registered_at text not null,
    after_event integer not null,   -- a new reader hears only of what happens from now on
    primary key (channel, recipient)
) strict"""

_TROUBLES = """
create table troubles (
    id integer primary key autoincrement,
    subject text not null check (subject in ('source', 'channel')),
    subject_id text not null,
    state text not null check (state in ('trouble', 'recovered')),
    text text not null,
    happened_at text not null
) strict"""

_DIGESTS = """
create table digests (
    id integer primary key autoincrement,
    channel text not null references channels(id),
    recipient text not null default '',  -- a fingerprint of the address, never the address
    kind text not null default 'digest' check (kind in ('digest', 'alert')),
    created_at text not null,
    state text not null check (state in ('pending', 'sending', 'sent', 'failed', 'held', 'suppressed')),
    attempts integer not null default 0,
    message_id text not null unique,
    body blob not null,             -- the final bytes, the same on every attempt
    next_attempt_at text,           -- NULL: at once
    lease text,                     -- who is sending it; NULL unless sending
    sent_at text,
    last_error text
) strict"""

_DIGEST_EVENTS = """
create table digest_events (
    digest_id integer not null references digests(id),
    event_id integer not null references events(id),
    channel text not null,
    recipient text not null default '',
    primary key (digest_id, event_id),
    unique (channel, recipient, event_id)
) strict"""

_RUNS = """
create table runs (
    id integer primary key autoincrement,
    kind text not null check (kind in ('poll', 'deliver', 'backfill', 'recheck', 'reextract')),
    source text,                    -- NULL: not about one source
    started_at text not null,
    finished_at text,               -- NULL: running, or the process died
    status text check (status in ('ok', 'unchanged', 'failed', 'drift')),
    items_seen integer not null default 0,
    items_new integer not null default 0,
    requests integer not null default 0,
    bytes integer not null default 0,
    error text
) strict"""

_ROBOTS = "create table robots (host text primary key, text text not null, fetched_at text not null) strict"

# The index keeps its own copy of the words: no triggers that a schema change could drop.
# `terms` holds stems, ae/oe/ue spellings and the tails of compounds.
_SEARCH = """
create virtual table releases_fts using fts5(
    title, text, terms, tokenize = 'unicode61 remove_diacritics 2', prefix = '3 5'
)"""

_INDEXES = (
    "create index items_waiting on items (source, next_attempt_at) where state = 'pending'",
    "create index items_by_day on items (source, published)",
    "create index releases_by_day on releases (published)",
    "create index releases_to_look_at on releases (next_look_at) where next_look_at is not null",
    """create index digests_waiting on digests (channel, next_attempt_at)
       where state in ('pending', 'sending')""",
    "create index events_by_release on events (url)",
    "create index runs_by_source on runs (source, id)",
)

FIRST_SCHEMA = (
    *(_SOURCES, _ITEMS, _PAGES, _RELEASES, _REVISIONS, _EVENTS, _ONE_EVENT, _MATCHES, *_PARTS),
    *(_CHANNELS, _SUBSCRIBERS, _TROUBLES, _DIGESTS, _DIGEST_EVENTS, _RUNS, _ROBOTS, _SEARCH, *_INDEXES),
)
"""The statements that make them, in this order."""
