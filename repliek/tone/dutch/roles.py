"""What a je or a u is in its sentence: who acts, who is meant, whose it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from repliek.tone.dutch import lexicon, verbs
from repliek.tone.dutch.words import Line

_SECOND_PERSON = frozenset({"je", "jij", "u"})


class Role(Enum):
    """The part that a word of address plays."""

    SUBJECT = auto()
    OBJECT = auto()
    REFLEXIVE = auto()
    POSSESSIVE = auto()


@dataclass(frozen=True, slots=True)
class Reading:
    """A role, and whether another one was about as likely."""

    role: Role
    sure: bool = True


def has_finite_verb(line: Line, at: int) -> bool:
    """Whether the clause already has its verb before the word at `at`, so that this one is none."""
    for place in reversed(range(line.clause(at)[0], at)):
        word = line.lowered[place]
        if word in lexicon.COORDINATORS | lexicon.RELATIVES | lexicon.CONJUNCTIONS - {"nu", "voor", "tot"}:
            return False
        if word not in lexicon.ADVERBS | lexicon.VERBAL_NOUNS and (verbs.is_finite(word) or verbs.is_stem(word)):
            return True
    return False


def is_adverb(word: str) -> bool:
    """Whether `word` says how or when; `persoonlijk` and `telefonisch` by their shape."""
    return word in lexicon.ADVERBS or word.endswith(("lijk", "isch", "matig", "ig", "gewijs"))


def begins_clause(line: Line, at: int) -> bool:
    """Whether the word at `at` opens its clause, a leading `en` or `dan` not counted."""
    leading = lexicon.COORDINATORS | {"ja", "nee", "hoi", "hallo", "graag", "sorry", "oké"}
    return not line.before(at) or (line.before(at) in leading and not line.before(at, 2))


def opens_subordinate(line: Line, at: int) -> bool:
    """Whether the word at `at` stands right behind the word that opens a subordinate clause."""
    before = line.before(at)
    if before in {"voor", "tot", "sinds", "nu"}:
        if line.before(at, 2) and not has_finite_verb(line, at - 1):
            return False
        rest = [line.lowered[place] for place in line.clause(at) if place > at]
        return any(
            verbs.is_finite(word) and not verbs.is_plural(word) and word not in lexicon.VERBAL_NOUNS for word in rest
        )
    if line.before(at, 2) in {"welke", "welk", "hoeveel"} and before not in lexicon.SECOND_PERSON_ONLY:
        return not verbs.is_third_person(before) and any(
            line.lowered[place] in lexicon.SECOND_PERSON_ONLY | lexicon.SHARED_AUXILIARIES
            or verbs.is_third_person(line.lowered[place])
            for place in line.clause(at)
            if place > at
        )
    return before in lexicon.CONJUNCTIONS or before in lexicon.RELATIVES


def read_u(line: Line, at: int) -> Reading:
    """Tell whether the u at `at` acts, is meant, or is itself again."""
    before, after = line.before(at), line.after(at)
    if not before:
        return Reading(Role.SUBJECT)
    if before in _SECOND_PERSON and at - 1 >= 0:
        return Reading(Role.REFLEXIVE)
    if opens_subordinate(line, at):
        return _behind_conjunction(line, at)
    if before in lexicon.PREPOSITIONS or before in lexicon.PRONOUNS or before == "dank":
        return Reading(Role.OBJECT)
    if before in lexicon.COORDINATORS:
        return Reading(Role.SUBJECT)
    if not (before.endswith("t") or before in {"kan", "zal", "mag", "is", "wil"} or verbs.is_past(before)):
        return Reading(Role.SUBJECT if verbs.is_finite(after) and not verbs.is_plural(after) else Role.OBJECT)
    if before in lexicon.ADVERBS:
        finite = after in lexicon.SECOND_PERSON_ONLY or verbs.is_third_person(after)
        return Reading(Role.SUBJECT if finite else Role.OBJECT)
    return _behind_verb(line, at)


def _behind_conjunction(line: Line, at: int) -> Reading:
    """`als u belt`, and `als wij u bellen`, `de collega die u heeft geholpen`."""
    if line.before(at) in {"die", "wie"} and any(
        line.lowered[place] in {"heeft", "hielp", "helpt"} for place in line.clause(at) if place > at
    ):
        return Reading(Role.SUBJECT, sure=False)
    return Reading(Role.SUBJECT)


def _behind_verb(line: Line, at: int) -> Reading:
    """`Vindt u`, `dat vindt u`, and `hij vindt u`, `dat kost u niets`."""
    verb = line.before(at)
    if verb in {"bent", "hebt", "kunt", "zult", "wilt"}:
        return Reading(Role.SUBJECT)
    if not verbs.is_finite(verb) and has_finite_verb(line, at - 1):
        return Reading(Role.OBJECT)
    first = line.clause(at)[0]
    field = line.lowered[first : at - 1]
    if field and field[0] in lexicon.COORDINATORS:
        field = field[1:]
    if not field:
        # `Het pakket is er en helpt u`: what acts may stand before the `en`.
        return Reading(Role.SUBJECT)
    if field[-1] in lexicon.SUBJECT_PRONOUNS or (field[0] in lexicon.SUBJECT_PRONOUNS and len(field) < 3):
        return Reading(Role.OBJECT)
    if field[-1] in lexicon.PERSONS and field[0] not in lexicon.PREPOSITIONS:
        return Reading(Role.OBJECT)
    apart = {line.after(at), line.lowered[line.clause(at)[-1]]} & lexicon.PARTICLES
    if (
        verb in lexicon.HAPPENS_TO
        and not apart
        and field[0] in lexicon.PRONOUNS | lexicon.DETERMINERS | {"uw", "wat", "wie"}
    ):
        return Reading(Role.OBJECT, sure=verb in {"kost", "spijt", "scheelt", "bevalt", "lijkt", "verbaast"})
    return Reading(Role.SUBJECT)


def read_je(line: Line, at: int) -> Reading:
    """Tell whether the je at `at` acts, is meant, is itself again, or says whose the next thing is."""
    if _owns(line, at):
        return _possessive_or_bare(line, at)
    opens = not line.before(at) or line.after(at) == "je" or opens_subordinate(line, at)
    if not opens and _is_subject_again(line, at):
        return Reading(Role.REFLEXIVE)
    return _read_pronoun(line, at)


def _acts(line: Line, at: int) -> bool:
    """Whether the je at `at` is a subject, read without the je before it so that a row of them stays cheap."""
    if _owns(line, at):
        return line.after(at) != "zorgen" and _possessive_or_bare(line, at).role is Role.SUBJECT
    return _read_pronoun(line, at).role is Role.SUBJECT


def _read_pronoun(line: Line, at: int) -> Reading:
    """Tell whether a je that owns nothing acts or is meant."""
    before = line.before(at)
    if line.after(at) == "je" and before and _someone_else_acts(line, at - 1):
        return Reading(Role.OBJECT)
    if not before or line.after(at) == "je" or opens_subordinate(line, at):
        return Reading(Role.SUBJECT)
    if before in lexicon.PREPOSITIONS or before in lexicon.PRONOUNS or before == "dank":
        return Reading(Role.OBJECT)
    if _someone_else_acts(line, at - 1):
        return Reading(Role.OBJECT)
    if before in lexicon.SECOND_PERSON_ONLY or before in lexicon.SHARED_AUXILIARIES or is_inverted(line, at):
        return Reading(Role.SUBJECT)
    if verbs.is_third_person(line.after(at)) or line.after(at) in lexicon.SECOND_PERSON_ONLY:
        return Reading(Role.SUBJECT)
    return Reading(Role.OBJECT)


def is_inverted(line: Line, at: int) -> bool:
    """Whether the word before the je at `at` is its verb, which then goes without -t."""
    before = line.before(at)
    if before in lexicon.ADVERBS or before in lexicon.PREPOSITIONS or before in lexicon.PRONOUNS:
        # `open je`, `laat je`: a verb when it opens the clause or something stands before it that is none.
        opens = before in {"laat", "weet"} or begins_clause(line, at - 1)
        return opens and before in lexicon.VERBAL_ADVERBS and not is_imperative(line, at)
    known = verbs.is_stem(before) or verbs.is_past(before)
    if not (known or is_unknown_verb(line, at)) or _is_noun(line, at - 1):
        return False
    return not is_imperative(line, at) and not _someone_else_acts(line, at - 1)


def is_unknown_verb(line: Line, at: int) -> bool:
    """Whether an unlisted word stands before the je at `at` in a clause that has no other verb yet."""
    before = line.before(at)
    openers = lexicon.ADVERBS | lexicon.RELATIVES | lexicon.COORDINATORS
    closed = openers | lexicon.PREPOSITIONS | lexicon.PRONOUNS | lexicon.CONJUNCTIONS | lexicon.DETERMINERS
    if not before or before in closed or is_adverb(before) or verbs.is_finite(before):
        return False
    # A noun before je has its article; an interjection (`oké je weet`) has the verb behind je.
    introduced = line.before(at, 2) in (lexicon.DETERMINERS - {"wat", "dat", "dit", "het"}) | lexicon.PREPOSITIONS
    if introduced or verbs.is_third_person(line.after(at)) or line.after(at) in lexicon.SECOND_PERSON_ONLY:
        return False
    return not has_finite_verb(line, at - 1)


def _is_noun(line: Line, at: int) -> bool:
    """Whether the word at `at`, which looks like a verb, is a thing: `een moment`, `via deze chat`."""
    return line.before(at) in lexicon.ARTICLES | lexicon.PREPOSITIONS or (
        line.lowered[at] in lexicon.VERBAL_NOUNS and bool(line.before(at)) and has_finite_verb(line, at)
    )


def _someone_else_acts(line: Line, verb: int) -> bool:
    """Whether the subject of the verb at `verb` stands before it: `ik stuur je`, `de monteur kan je`."""
    before = line.before(verb)
    if before in {"en", "maar", "of"}:
        mine = line.lowered[line.clause(verb)[0]] == "ik" and line.lowered[verb] not in lexicon.SECOND_PERSON_ONLY
        return mine and verbs.is_stem(line.lowered[verb])
    if before in lexicon.ADVERBS:
        before = line.before(verb, 2)
    if before in lexicon.SUBJECT_PRONOUNS:
        return True
    return before in lexicon.PERSONS and line.before(verb, 3) not in lexicon.PREPOSITIONS


def is_imperative(line: Line, at: int) -> bool:
    """Whether the je at `at` stands behind an imperative: `meld je aan`, `maak je geen zorgen`."""
    verb = line.before(at)
    first = line.clause(at)[0]
    continued = (
        line.before(at, 2) in {"en", "of"}
        and verbs.is_stem(line.lowered[first])
        and (line.lowered[first + 1] not in _SECOND_PERSON or is_imperative(line, first + 1))
    )
    if (
        not (begins_clause(line, at - 1) or continued)
        or line.is_question(at)
        or verb in lexicon.SECOND_PERSON_ONLY - {"ga", "sta"}
    ):
        return False
    if verb == "laat" and line.after(at) in {"weten", "horen"}:
        return False
    return verb in lexicon.REFLEXIVE_STEMS and bool(
        {line.after(at), line.lowered[line.clause(at)[-1]]} & lexicon.REFLEXIVE_PARTICLES
    )


def _is_subject_again(line: Line, at: int) -> bool:
    """Whether the je or jij before this one acts in the same clause, so that this one is itself again."""
    if line.before(at) in lexicon.PREPOSITIONS:
        return False
    others = (
        lexicon.SUBJECT_PRONOUNS | lexicon.COORDINATORS | lexicon.CONJUNCTIONS - {"nu", "voor", "tot", "ook"} | {"om"}
    )
    for place in reversed(range(line.clause(at)[0], at)):
        word = line.lowered[place]
        if word == "jij" or (word == "je" and _acts(line, place)):
            return True
        if word in others:
            return False
    return False


def _is_verb_here(line: Line, at: int, word: str) -> bool:
    """Whether `word`, behind the je at `at`, is a verb rather than a thing."""
    if word in lexicon.VERBAL_NOUNS:
        alone = not any(verbs.is_infinitive(line.lowered[place]) for place in line.clause(at) if place > at + 1)
        infinitive = verbs.is_infinitive(word) and alone and line.before(at) not in lexicon.PREPOSITIONS
        ends = not line.after(at, 2) or line.before(at) in lexicon.SUBJECT_PRONOUNS
        return (
            infinitive
            and ends
            and any(
                line.lowered[place] in lexicon.SHARED_AUXILIARIES | lexicon.SECOND_PERSON_ONLY | lexicon.THIRD_PERSON
                for place in line.clause(at)
            )
        )
    if word in lexicon.SECOND_PERSON_ONLY | lexicon.SHARED_AUXILIARIES | lexicon.THIRD_PERSON:
        return True
    sentence_of_mine = "ik" in line.lowered[line.clause(at)[0] : at]
    if sentence_of_mine and not line.after(at, 2) and verbs.is_stem(word) and not has_finite_verb(line, at):
        return True
    if (
        line.before(at) in lexicon.PREPOSITIONS - {"om"}
        and verbs.is_infinitive(word)
        and not verbs.is_third_person(word)
    ):
        modals = {
            "kan",
            "kun",
            "kunt",
            "wil",
            "wilt",
            "zal",
            "zul",
            "zult",
            "moet",
            "mag",
            "zou",
            "ga",
            "te",
            "kunnen",
            "zullen",
        }
        return not line.after(at, 2) and not modals.isdisjoint(line.lowered[line.clause(at)[0] : at])
    if line.before(at) == "ik" and verbs.is_stem(word) and not has_finite_verb(line, at - 1):
        return not any(verbs.is_stem(line.lowered[place]) for place in line.clause(at) if place > at + 1)
    return (
        verbs.is_third_person(word)
        or verbs.is_stem_in_t(word)
        or verbs.is_past(word)
        or verbs.is_infinitive(word)
        or verbs.is_participle(word)
        or word in {"hoeft", "heeft"}
        or _is_shaped_as_verb(line, at, word)
    )


def _is_shaped_as_verb(line: Line, at: int, word: str) -> bool:
    """Whether an unlisted `word` has the ending of the verb that its clause would lack without it."""
    if line.before(at) in lexicon.PREPOSITIONS or not line.before(at):
        return False
    rest = [line.lowered[place] for place in line.clause(at) if place > at + 1]
    if opens_subordinate(line, at) and word.endswith("t") and not word.endswith("heit"):
        return not any(verbs.is_finite(other) and other not in lexicon.VERBAL_NOUNS for other in rest)
    auxiliary = any(
        line.lowered[place]
        in lexicon.SHARED_AUXILIARIES | lexicon.SECOND_PERSON_ONLY | {"kunnen", "zullen", "willen", "te"}
        for place in line.clause(at)
        if place < at
    )
    return auxiliary and word.endswith("eren") and not any(verbs.is_infinitive(other) for other in rest)


def _owns(line: Line, at: int) -> bool:
    """Whether the word behind the je at `at` may be a thing that it owns."""
    word = line.after(at)
    if not word or word in _SECOND_PERSON or line.words[at + 1].fixed:
        return False
    if line.before(at) == "dank" or line.text[line.words[at].end : line.words[at + 1].start].strip():
        return False
    if re.fullmatch(r"\d.*", word):
        return line.before(at) in lexicon.PREPOSITIONS
    if (
        line.before(at) in {"door", "bij", "van"}
        and verbs.is_participle(word.removesuffix("e"))
        and word.endswith(("de", "te"))
    ):
        return False  # `de door je gekozen datum`, `het bij je geplaatste kastje`
    if word in {"zelf", "eigen"}:
        return word == "eigen"
    closed = lexicon.PREPOSITIONS | lexicon.CONJUNCTIONS | lexicon.RELATIVES | lexicon.COORDINATORS
    if word in closed or word in lexicon.DETERMINERS or word in lexicon.PRONOUNS:
        return False
    if is_adverb(word):
        # `je extra data`, `je vaste nummer`: an adverb owns nothing, unless a preposition asks for a thing.
        return line.before(at) in lexicon.PREPOSITIONS and word in {"best", "extra", "nieuw", "vrij"}
    return not _is_verb_here(line, at, word)


def _possessive_or_bare(line: Line, at: int) -> Reading:
    """A thing follows: is it mine (`je hulp was goed`), or what I need (`als je hulp nodig hebt`)?"""
    before, thing = line.before(at), line.after(at)
    bare = thing in lexicon.BARE_NOUNS
    if thing == "eigen":
        return Reading(Role.POSSESSIVE)
    if thing == "zorgen" and {"maak", "maakt", "maken"} & {line.lowered[place] for place in line.clause(at)}:
        return Reading(Role.REFLEXIVE if _is_subject_again(line, at) else Role.OBJECT)
    if before in _SECOND_PERSON:
        return Reading(Role.REFLEXIVE if thing in {"zorgen", "schuldig", "vrij", "afvragen"} else Role.POSSESSIVE)
    if opens_subordinate(line, at):
        return _behind_subordinator(line, at, bare=bare)
    if before in lexicon.PREPOSITIONS:
        return Reading(Role.POSSESSIVE)
    if _someone_else_acts(line, at - 1) or (before in lexicon.GIVING and verbs.is_plural(before)):
        return Reading(Role.OBJECT if bare and before in lexicon.GIVING else Role.POSSESSIVE)
    if before in {"heb", "kun", "zul", "ben", "bent", "wil", "hoef"}:
        return Reading(Role.SUBJECT)
    if before in lexicon.SHARED_AUXILIARIES or not before:
        return Reading(Role.SUBJECT if bare and before else Role.POSSESSIVE)
    if verbs.is_stem(before) and before not in lexicon.ADVERBS - {"open", "laat"} and not _is_noun(line, at - 1):
        if begins_clause(line, at - 1):
            asked = line.is_question(at) and line.lowered[line.clause(at)[-1]] != "dan"
            return Reading(Role.SUBJECT if bare or (asked and not verbs.is_stem_in_t(before)) else Role.POSSESSIVE)
        coordinated = line.before(at, 2) in lexicon.COORDINATORS | {"dan", "eerst"}
        return Reading(Role.POSSESSIVE if coordinated and not bare else Role.SUBJECT, sure=bare or coordinated)
    if verbs.is_past(before) and line.words[at + 1].text[0].isupper() and line.is_question(at):
        return Reading(Role.SUBJECT, sure=False)
    return Reading(Role.POSSESSIVE)


def _behind_subordinator(line: Line, at: int, *, bare: bool) -> Reading:
    """`als je pakket komt` or `als je hulp zoekt`: the verb at the end of the clause tells."""
    rest: list[str] = []
    for place in line.clause(at):
        if place > at + 1:
            if line.lowered[place] in lexicon.CONJUNCTIONS - {"voor", "tot", "nu", "sinds", "of"} | {"maar", "want"}:
                break
            rest.append(line.lowered[place])
    acting = [
        word for word in rest if verbs.is_finite(word) and not verbs.is_plural(word) and word not in lexicon.ADVERBS
    ]
    if any(word in {"bent", "hebt", "kunt", "zult", "wilt"} for word in rest):
        return Reading(Role.SUBJECT)
    if any(word in {"is", "heeft", "was", "wordt", "werd"} for word in rest):
        return Reading(Role.POSSESSIVE)
    if not acting or any(word in lexicon.SUBJECT_PRONOUNS for word in rest):
        return Reading(Role.POSSESSIVE)
    if line.after(at, 2) in lexicon.PASTIMES:
        return Reading(Role.SUBJECT, sure=False)
    of_a_thing = bool(set(acting) & lexicon.THING_VERBS)
    return Reading(Role.SUBJECT if bare else Role.POSSESSIVE, sure=bare != of_a_thing)
