"""The way of one release, step by step, and at which of them the program is killed. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.soak.doomed import Death


@dataclass(frozen=True, slots=True)
class Step:
    """One place to die at.

    `first` are the commands run before. `copies`: how many messages a reader may get once more because of
    it; 0 everywhere but between the receiver's acceptance and our note of it.
    """

    name: str
    at: Death | str
    command: tuple[str, ...]
    first: tuple[tuple[str, ...], ...] = ()
    copies: Literal[0, 1] = 0


_RUN, _POLL = ("run",), ("poll",)
_ALL = ("deliver", "--now")
_POST, _HOOK, _FOLDER, _ATOM = ((*_ALL, channel) for channel in ("post", "haken", "archiv", "atom"))
_RECHECK, _REEXTRACT, _BACKFILL = ("recheck",), ("reextract",), ("backfill", "ministerium")
_NEWS = (_POLL,)


def _before(place: str, number: int = 1) -> Death:
    return Death("before", f"worker.{place}", number)


def _after(place: str, number: int = 1) -> Death:
    return Death("after", f"worker.{place}", number)


def _half(place: str, number: int = 1) -> Death:
    return Death("half", place, number)


def _at(sql: str, number: int = 1) -> Death:
    return Death("statement", sql, number)


def _torn(place: str) -> Death:
    return Death("torn", f"worker.{place}")


# On a store that is not there yet, in this order.
FIRST_START = (
    Step("configuration read", _after("config.load:load_config"), _RUN),
    Step("lock taken", Death("after", "fcntl:flock"), _RUN),
    Step("first table made", _at("create table items"), _RUN),
    Step("last index made", _at("create index runs_by_source"), _RUN),
    Step("schema half on disk", _torn("store.connection:_migrate"), _RUN),
    Step("schema done", _after("store.connection:_migrate"), _RUN),
    Step("channels registered", _after("pipelines.compose:register"), _RUN),
    Step("robots.txt asked for", "portal: robots asked for", _RUN),
    Step("robots.txt read", _before("store.robots:StoredRobots.remember"), _RUN),
    Step("robots.txt kept", _after("store.robots:StoredRobots.remember"), _RUN),
    Step("first listing asked for", "portal: listing asked for", _RUN),
    Step("first look half on disk", _torn("pipelines.look:store_look"), _RUN),
    Step("first look done", _before("pipelines.sighting:look_at"), _RUN),
)

_SEEN = (
    Step("poll begun", _after("store.runs:start_run"), _POLL),
    Step("listing asked for", "portal: listing asked for", _POLL),
    Step("listing's head read", _before("fetching.body:read_body"), _POLL),
    Step("listing half read", _before("fetching.body:_check_size"), _POLL),
    Step("listing read", _after("fetching.body:read_body"), _POLL),
    Step("listing understood", _after("pipelines.walk:read_listing"), _POLL),
    Step("second page read", _after("pipelines.walk:read_listing", 2), _POLL),
    Step("listing compared", _before("pipelines.look:store_look"), _POLL),
    Step("source noted, entries not", _after("store.sources:save_source"), _POLL),
    Step("an entry noted", _at("insert into items"), _POLL),
    Step("an entry's verdict noted", _at("insert or replace into matches"), _POLL),
    Step("entries not committed", _after("pipelines.look:store_look"), _POLL),
    Step("entries' journal half written", Death("journal", "worker.pipelines.look:store_look"), _POLL),
    Step("entries half on disk", _torn("pipelines.look:store_look"), _POLL),
    Step("attempt to be counted", _before("store.items:begin_attempt"), _POLL),
    Step("attempt counted, not committed", _after("store.items:begin_attempt"), _POLL),
    Step("entries stored, attempt counted", _before("pipelines.sighting:look_at"), _POLL),
)

_STORED = (
    Step("release asked for", "portal: release asked for", _POLL),
    Step("release fetched", _after("fetching.fetcher:Fetcher.fetch"), _POLL),
    Step("release understood", _after("extraction:extract_release"), _POLL),
    Step("release judged", _after("pipelines.sighting:look_at"), _POLL),
    Step("its like looked for", _after("changes:find_original"), _POLL),
    Step("decided", _before("store.releases:apply"), _POLL),
    Step("release noted", _at("insert into releases ("), _POLL),
    Step("page archived", _after("store.pages:save_page"), _POLL),
    Step("revision noted", _at("insert into revisions "), _POLL),
    Step("parts noted", _after("store.releases:_save_parts"), _POLL),
    Step("indexed by half", _at("insert or replace into releases_fts"), _POLL),
    Step("indexed", _after("store.search:index_release"), _POLL),
    Step("event to be noted", _at("insert into events "), _POLL),
    Step("event noted, not committed", _after("store.releases:apply"), _POLL),
    Step("release's journal half written", Death("journal", "worker.store.releases:apply"), _POLL),
    Step("release half on disk", _torn("store.releases:apply"), _POLL),
    Step("release stored", _after("pipelines.arrivals:_fetch"), _POLL),
    Step("poll to be closed", _before("store.runs:finish_run"), _POLL),
    Step("poll closed", _after("store.runs:finish_run"), _RUN),
)

_COMPOSED = (
    Step("what died taken over", _after("store.outbox:take_over"), _POST, _NEWS),
    Step("to be composed", _before("pipelines.compose:compose_due"), _POST, _NEWS),
    Step("composed", _after("digests.compose:compose"), _POST, _NEWS),
    Step("in the outbox by half", _at("insert into digest_events "), _POST, _NEWS),
    Step("one reader's in the outbox", _after("store.outbox:enqueue"), _POST, _NEWS),
    Step("in the outbox, not committed", _after("store.channels:pass_events", 2), _POST, _NEWS),
    Step("outbox half on disk", _torn("store.outbox:enqueue"), _POST, _NEWS),
    Step("in the outbox", _after("pipelines.compose:compose_due"), _POST, _NEWS),
    Step("to be claimed", _before("store.outbox:claim"), _POST, _NEWS),
    Step("claim not committed", _at("update digests set state = 'sending'"), _POST, _NEWS),
    Step("claimed", _after("store.outbox:claim"), _POST, _NEWS),
)

_SENT = (
    Step("mail server reached", Death("after", "smtplib:SMTP.connect"), _POST, _NEWS),
    Step("recipient named", "mail: recipient named", _POST, _NEWS),
    Step("mail announced", Death("after", "smtplib:SMTP.docmd"), _POST, _NEWS),
    Step("mail half sent", _half("smtplib:SMTP.send", 5), _POST, _NEWS),
    Step(
        "mail sent, no answer yet", _before("transports.email:EmailTransport._final_answer"), _POST, _NEWS, 1
    ),
    Step("mail taken, answer not sent", "mail: taken, not yet said so", _POST, _NEWS, 1),
    Step("mail taken, answer read", _after("transports.email:EmailTransport._final_answer"), _POST, _NEWS, 1),
    Step("goodbye said", "mail: said goodbye", _POST, _NEWS, 1),
    Step("mail to be settled", _before("store.outbox:settle_sent"), _POST, _NEWS, 1),
    Step("mail settled by half", _after("store.outbox:_settle"), _POST, _NEWS, 1),
    Step("mail half settled on disk", _torn("store.outbox:settle_sent"), _POST, _NEWS, 1),
    Step("mail settled", _after("store.outbox:settle_sent"), _POST, _NEWS),
    Step("second reader's mail claimed", _after("store.outbox:claim", 2), _POST, _NEWS),
    Step("second reader's mail settled", _after("store.outbox:settle_sent", 2), _POST, _NEWS),
    Step("webhook claimed", _after("store.outbox:claim"), _HOOK, _NEWS),
    Step("webhook signed", _after("transports.webhook:WebhookTransport._headers"), _HOOK, _NEWS),
    Step("webhook taken, not answered", "hook: received", _HOOK, _NEWS, 1),
    Step("webhook answered", "hook: answered", _HOOK, _NEWS, 1),
    Step("webhook's answer read", _after("transports.webhook:WebhookTransport._judge"), _HOOK, _NEWS, 1),
    Step("webhook to be settled", _before("store.outbox:settle_sent"), _HOOK, _NEWS, 1),
    Step("webhook settled, not committed", _after("store.outbox:_settle"), _HOOK, _NEWS, 1),
    Step("webhook settled", _after("store.outbox:settle_sent"), _HOOK, _NEWS),
    Step("html half written", _half("worker.transports.atomic:_write"), _FOLDER, _NEWS),
    Step("html written, not named", _after("transports.atomic:_write"), _FOLDER, _NEWS),
    Step("html there, mail not", _after("transports.atomic:write_atomically"), _FOLDER, _NEWS),
    Step("eml half written", _half("worker.transports.atomic:_write", 2), _FOLDER, _NEWS),
    Step("eml named, folder not synced", _before("transports.atomic:_sync_folder", 2), _FOLDER, _NEWS),
    Step("files there, not settled", _before("store.outbox:settle_sent"), _FOLDER, _NEWS),
    Step("feed half written", _half("worker.transports.atomic:_write"), _ATOM, _NEWS),
    Step("feed written, not named", _after("transports.atomic:_write"), _ATOM, _NEWS),
    Step("feed replaced, not settled", _before("store.outbox:settle_sent"), _ATOM, _NEWS),
    Step("delivery to be closed", _before("store.runs:finish_delivery_run"), _ALL, _NEWS),
    Step("delivery closed", _after("store.runs:finish_delivery_run"), _ALL, _NEWS),
)

_LOOKED_AT_AGAIN = (
    Step("recheck begun", _after("store.runs:start_run"), _RECHECK),
    Step("release asked for again", "portal: release asked for", _RECHECK),
    Step("some looked at again", _after("pipelines.recheck:_decide", 2), _RECHECK),
    Step("edit noted by half", _after("store.releases:_store_revision"), _RECHECK),
    Step("look not committed", _after("store.releases:_touch"), _RECHECK),
    Step("recheck to be closed", _before("store.runs:finish_run"), _RECHECK),
    Step("backfill begun", _after("store.sources:backfill_url"), _BACKFILL),
    Step("backfill's page stored", _after("pipelines.backfill:_step"), _BACKFILL),
    Step("backfill's place noted by half", _after("store.sources:save_backfill_url"), _BACKFILL),
    Step("backfill's second page", _before("pipelines.backfill:_step", 2), _BACKFILL),
    Step("read again", _before("store.releases:replace_extraction"), _REEXTRACT),
    Step("read again, stored by half", _after("store.releases:_save_revision_row"), _REEXTRACT),
    Step("some read again", _after("store.releases:replace_extraction", 2), _REEXTRACT),
    Step("backup half copied", _before("store.backup:_verified"), ("backup", "copy.db")),
    Step("service begun", _after("pipelines.cycle:poll_sources"), ("serve",)),
    Step("service between poll and delivery", _before("pipelines.cycle:deliver_channels"), ("serve",)),
)

STEPS = _SEEN + _STORED + _COMPOSED + _SENT + _LOOKED_AT_AGAIN
