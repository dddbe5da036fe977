"""No promise that no answer holds: a broken one is what customers remember longest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from repliek.tone.prose import Said, plain, sentences_of, words_of
from repliek.tone.rules.acts import ACTS, DAYS, DURATION, HOLDS, TERMS
from repliek.tone.rules.draft import Draft
from repliek.tone.rules.quantities import in_digits
from repliek.tone.rules.rule import Severity

# What comes about on a day; "meld het morgen" tells the customer what to do then.
_COMES = (
    r"(?:komt|is|ben|bent|zijn|kan|kunt|kun|heb|hebt|heeft|gaat|doet|werkt|krijgt?|ontvangt?|ligt|staat|wordt|zal|lukt|"
    r"arrives?|will|should|is|works|gets?|comes|can|you'll|it'll|we'll|i'll)"
)
_COMES_ABOUT = re.compile(rf"\b{_COMES}\b")
_IN_CONDITION = re.compile(r"\b(?:als|of|wanneer|mits|if|whether|when)\b")
_NOTHING = re.compile(r" (?:niet|niets|niks|geen|nothing|none)\b")
_OF_THAT_DAY = re.compile(r"\b(?:van|sinds|of|since|from)(?: de| the)? $")
_CLAUSE_END = re.compile(r"[,;:] ")

_WHEN = frozenset({"term", "day"})

REACH = 30
"""How many characters around an act may deny it, or make it a condition."""

_NO = re.compile(r"\b(?:niet|geen|nooit|niets|niemand|not|never|no|cannot|can't|won't|don't|unable)\b")
_CONDITION = re.compile(
    r"(?:\b(?:als|of|wanneer|zodra|omdat|terwijl|if|when|whether|once|until|because)|(?<=[\w,] )(?:dat|that)) "
    r"(?:[\w'-]++ ){0,1}$"
)
_TOLD = re.compile(
    r"\b(?:dat|nu|als|omdat|terwijl|wanneer|zodra|when|that|while|if|because) (?:je|jij|jullie|u|you|your|je \w+|"
    r"uw \w+)\b"
    r"|\b(?:snap|begrijp|vervelend|lastig|balen|spannend|haast|jammer|naar|rot|fijn|leuk|wacht|wachten|succes|sterkte|"
    r"understand|annoying|sorry|great|luck|enjoy|plezier)\b"
)
_WAS_TO = re.compile(r"\b(?:had|hadden|zou|zouden|would|was|were|werd) (?:[\w'-]++ ){0,2}$")
_PAST = re.compile(r"\b(?:had|hadden|zou|zouden|was|waren|werd|were|would|beloofd|toegezegd|gisteren|yesterday)\b")
_NOT_TO_PROMISE = re.compile(
    r"\b(?:kan|kunnen|mag|mogen|durf|wil|kon) (?:ik|we|wij)(?: [\w'-]++){0,3} niet\b"
    r"|\b(?:ik|we|wij) (?:kan|kunnen|mag|mogen|durf|wil)(?: (?:je|u|het|dat|nu|nog|helaas))* niet\b|\bcan(?:no|"
    r"')t (?:promise|guarantee)"
)
# An invitation into private messages is no parcel that is sent.
_BY_MESSAGE = re.compile(
    r" (?:je|u|you)(?: \w+){0,2} (?:een )?(?:dm|link|privébericht|pb|private message|direct message)\b"
)


class UnheldPromise:
    """What we would do, by when, and that it is certain, must be promised by an answer.

    A promise that nobody can keep costs more than the problem did: an agent who reads a suggestion at speed sends it.
    An answer holds a promise when it speaks of the same acts and terms, in one sentence where they stand in one, in
    whatever words. What was promised before, what the customer waits for, what the customer is to do by a day, and what
    cannot be promised are no promises.
    """

    name = "unheld_promise"
    severity = Severity.ERROR

    def check(self, draft: Draft) -> str | None:
        said = ""
        for line, words in zip(draft.added.lines, draft.added.line_words, strict=True):
            promises = _acts(line, words)
            days = list(DAYS.find_in(line, words))
            if days and not promises:
                said = said or plain(" ".join(draft.said))
                days = [day for day in days if _comes_about(line, day, said)]
            promises += _terms(line, words) + days
            if promises and not _are_held(promises, draft.answers):
                return f"no answer promises: {', '.join(dict.fromkeys(map(_told, promises)))}"
        return None


def _acts(line: str, words: Iterable[str]) -> list[Said]:
    """Return what a sentence in plain text says that we will do, and that it is certain."""
    return [
        act
        for act in ACTS.find_in(line, words)
        if not (_is_excused(act, line) or (act.name == "send" and _BY_MESSAGE.match(line, act.end)))
    ]


def _terms(line: str, words: Iterable[str]) -> list[Said]:
    """Return by when, in time that passes; of what was to be in the past, nothing."""
    found = list(TERMS.find_in(in_digits(line), words))
    return [] if found and _PAST.search(line) else found


def _told(promise: Said) -> str:
    """Return what an agent reads of a promise; the words of an act may hold some of the customer's."""
    return promise.words if promise.name in _WHEN else promise.name


def _comes_about(line: str, day: Said, said: str) -> bool:
    """Whether something is said to come about that day: no question, no condition, nothing that the customer told."""
    if line.endswith("?") or _PAST.search(line) or (day.words in said and _TOLD.search(line)):
        return False
    start = max((end.end() for end in _CLAUSE_END.finditer(line, 0, day.start)), default=0)
    end = _CLAUSE_END.search(line, day.end)
    clause = line[start : end.start() if end else len(line)]
    before = line[start : day.start]
    if _NO.search(clause) or _IN_CONDITION.search(before) or _OF_THAT_DAY.search(before):
        return False
    verb = _COMES_ABOUT.search(clause)
    # "Komt er morgen nog een, laat het weten": a clause that begins with its verb is a condition.
    return bool(verb and verb.start())


def _is_excused(act: Said, line: str) -> bool:
    """Whether an act is denied, a condition, or was to be in the past."""
    if act.name == "guarantee":
        # "Ik beloof dat het niet meer gebeurt" denies nothing.
        clause = max((end.end() for end in _CLAUSE_END.finditer(line, 0, act.start)), default=0)
        return bool(_NO.search(line, clause, act.end) or _NOTHING.match(line, act.end) or _NOT_TO_PROMISE.search(line))
    before = max(0, act.start - REACH)
    return bool(
        _NO.search(line, act.start, act.end + REACH)
        or _CONDITION.search(line, before, act.start)
        or _WAS_TO.search(line, before, act.start)
    )


def _are_held(promises: Sequence[Said], answers: Iterable[str]) -> bool:
    """Whether one answer speaks of all of them: acts with their term in one of its sentences."""
    timed = len({promise.name in _WHEN for promise in promises}) > 1
    for answer in answers:
        passages = sentences_of(answer) if timed else (answer,)
        if any(all(_holds(in_digits(plain(passage)), promise) for promise in promises) for passage in passages):
            return True
    return False


def _holds(passage: str, promise: Said) -> bool:
    if promise.name == "guarantee":
        return any(promise.name == found.name for found in ACTS.find_in(passage, words_of(passage)))
    if promise.name == "term":
        durations = {_duration(found) for found in DURATION.finditer(promise.words)}
        return promise.words in passage or bool(
            durations and durations <= {_duration(found) for found in DURATION.finditer(passage)}
        )
    if promise.name == "day":
        return promise.words in passage
    return bool(HOLDS[promise.name].search(passage))


def _duration(found: re.Match[str]) -> tuple[str, str]:
    """Return a duration in one spelling: (`1`, `werkdag`), whether its unit is singular or plural."""
    amount, unit = found[1], found[2]
    singular = unit.replace("dagen", "dag").replace("weken", "week").replace("uren", "uur").replace("minuten", "minuut")
    return "1" if amount in {"een", "an", "a"} else amount, singular.replace("maanden", "maand").removesuffix("s")
