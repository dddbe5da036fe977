"""The findings as a report: for people as Markdown, for machines as JSON, for a terminal as a few lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType

from training.checks import Finding, Kind

FILE = "checks.md"

SHOWN = 100
"""Findings of one kind in the report for people; all of them stand in the JSON."""

IDS_SHOWN = 20

_TITLES: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        Kind.LABEL_CONFLICT: (
            "Conflicting labels",
            "Messages that say nearly the same, but have different intents or were given different answers. Decide "
            "which is right; where both are, the earlier turns may be missing.",
        ),
        Kind.HELD_OUT_DUPLICATE: (
            "Kept apart, yet learned from",
            "Messages of the held-out file that say nearly the same as messages of the history. Figures on them "
            "flatter: take them out of one of the two.",
        ),
        Kind.FEW_EXAMPLES: (
            "Intents with few examples",
            "Too few to be learned, and to be judged. Add examples, or join the intent with another one.",
        ),
        Kind.CONTRADICTION: (
            "Contradicting answers",
            "Variants of a topic (warning), or topics of one intent (note), that state different things. Where both "
            "are true, nothing is wrong.",
        ),
        Kind.SUSPECT_LABEL: (
            "Suspect labels",
            "Exchanges whose intent the held-out folds dispute, the surest first; the probabilities stand in brackets. "
            "Either the label is wrong, or the message is hard.",
        ),
        Kind.NEAR_DUPLICATE: (
            "Near-duplicates in different folds",
            "Messages that say nearly the same are learned from and held out at the same time. Customers do ask the "
            "same; many of them make the figures of held-out folds too good.",
        ),
    }
)


def summary(findings: Sequence[Finding]) -> str:
    """Return one line: how many findings of each kind."""
    counts = Counter(finding.kind for finding in findings)
    told = "; ".join(f"{title.lower()}: {counts[kind]:,}" for kind, (title, _) in _TITLES.items() if counts[kind])
    return told or "nothing doubtful"


def as_json(findings: Sequence[Finding], exchanges: int, answers: int) -> str:
    """Return the report for machines."""
    counts = Counter(finding.kind for finding in findings)
    return json.dumps(
        {
            "exchanges": exchanges,
            "answers": answers,
            "counts": {kind: counts[kind] for kind in Kind},
            "findings": [asdict(finding) for finding in findings],
        },
        indent=2,
        ensure_ascii=False,
    )


def as_markdown(findings: Sequence[Finding], exchanges: int, answers: int) -> str:
    """Return the report for people; customers' words stand in it by their exchange's id alone."""
    lines = [
        "# Data checks",
        "",
        f"{exchanges:,} exchanges and {answers:,} answers. {summary(findings).capitalize()}.",
        "",
    ]
    for kind in _TITLES:
        lines += _section(kind, [finding for finding in findings if finding.kind is kind])
    return "\n".join(lines)


def _section(kind: Kind, findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    title, meaning = _TITLES[kind]
    yield from (f"## {title}: {len(findings):,}", "", meaning, "", "| | what | which |", "|---|---|---|")
    for finding in findings[:SHOWN]:
        yield f"| {finding.severity} | {_cell(finding.explanation)} | {_cell(_named(finding.ids))} |"
    if len(findings) > SHOWN:
        yield from ("", f"And {len(findings) - SHOWN:,} more: `python -m training check --json` names all of them.")
    yield ""


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - IDS_SHOWN:,} more" if len(ids) > IDS_SHOWN else ""
    return ", ".join(ids[:IDS_SHOWN]) + more


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
