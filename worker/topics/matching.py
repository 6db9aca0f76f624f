"""Decide whether something concerns a topic, and say why.

In: a `Topic` and the words of a listing entry, later also of its page. Out: a `Verdict` whose
evidence adds up to its score. Fetches nothing and knows no single word of German. Floor 1.

The score is the sum of the weights of all rules that spoke, between 0 and 1. Each rule counts once,
in the field where it weighs most; words that speak against the topic are subtracted. A score within
`doubt` of the threshold is *uncertain* until the text is known; then the text decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from worker.models.verdict import Evidence, Field, Verdict, Wording
from worker.topics.reading import Reading, in_company, read_field
from worker.topics.text import weigh_text
from worker.topics.topic import Topic

LISTING_SHARE = 0.3
"""In doubt the listing keeps this share of its say; a text about nothing else brings 0.8, enough alone."""


@dataclass(frozen=True, slots=True)
class _Listing:
    """What kicker, title and teaser say together."""

    score: float
    evidence: tuple[Evidence, ...]
    collective: bool
    in_doubt: bool
    is_relevant: bool

    @property
    def clear(self) -> bool:
        """Whether a text cannot change the answer: far above the threshold, or spoken against."""
        spoken_against = any(evidence.weight < 0 for evidence in self.evidence)
        return not self.in_doubt and (spoken_against or self.is_relevant)


def match_topic(topic: Topic, wording: Wording) -> Verdict:
    """Return the verdict on `wording`; never raises, whatever the fields hold.

    With `text` None a score near the threshold is uncertain. With a text the verdict is final: a
    listing that is clear, for or against, stands; near the threshold, or where the listing is
    silent, what the text dwells on decides. A text of hardly any words decides nothing.
    """
    listing = _read_listing(topic, wording)
    if wording.text is None:
        return _verdict(topic, listing.score, listing.evidence, uncertain=listing.in_doubt)
    if listing.clear:
        return _verdict(topic, listing.score, listing.evidence)
    text = weigh_text(topic, wording.text, collective=listing.collective)
    if text is None:
        return _verdict(topic, listing.score, listing.evidence)
    kept = tuple(_scaled(evidence, LISTING_SHARE) for evidence in listing.evidence)
    return _verdict(topic, LISTING_SHARE * listing.score + text.score, kept + text.evidence)


def _verdict(
    topic: Topic, score: float, evidence: tuple[Evidence, ...], *, uncertain: bool = False
) -> Verdict:
    bounded = round(min(1.0, max(0.0, score)), 4)
    return Verdict(topic.id, bounded >= topic.threshold, uncertain, bounded, evidence)


def _read_listing(topic: Topic, wording: Wording) -> _Listing:
    kicker = read_field(topic, wording.kicker, is_kicker=True)
    title = read_field(topic, wording.title)
    teaser = read_field(topic, wording.teaser)
    collective = bool(kicker.collective or title.collective)
    teaser_share = topic.shares.title if collective else topic.shares.teaser
    shared: list[tuple[Field, Reading, float]] = [
        ("kicker", kicker, topic.shares.kicker),
        ("title", title, topic.shares.title),
        ("teaser", teaser, teaser_share),
    ]
    company = kicker.company | title.company | teaser.company
    evidence = _count(shared, company)
    score = sum(e.weight for e in evidence)
    noted = [
        Evidence(hit.rule.label, name, hit.words, 0.0)
        for name, reading, _ in shared
        for hit in reading.struck + reading.collective
    ]
    near = abs(score - topic.threshold) < topic.doubt
    return _Listing(
        score=score,
        evidence=(*evidence, *noted),
        collective=collective,
        is_relevant=score >= topic.threshold,
        in_doubt=near or (collective and score < topic.threshold),
    )


def _count(shared: list[tuple[Field, Reading, float]], company: frozenset[int]) -> list[Evidence]:
    """Let each rule speak once, where it weighs most, and each word for its heaviest rule only."""
    offers = [
        (hit.rule.weight * share, name, hit)
        for name, reading, share in shared
        for hit in in_company(reading.counted, company)
    ]
    offers.sort(key=lambda offer: -abs(offer[0]))
    spoken: set[int] = set()
    used: set[tuple[Field, int]] = set()
    evidence: list[Evidence] = []
    for weight, name, hit in offers:
        place = {(name, token) for token in hit.tokens}
        if hit.number in spoken or place & used or not weight:
            continue
        spoken.add(hit.number)
        used |= place
        evidence.append(Evidence(hit.rule.label, name, hit.words, round(weight, 4)))
    return evidence


def _scaled(evidence: Evidence, share: float) -> Evidence:
    return replace(evidence, weight=round(evidence.weight * share, 4))
