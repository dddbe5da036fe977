"""Which language a text is in, among the languages that a knowledge base answers in."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from functools import cache

import py3langid.langid as langid

MIN_CONFIDENCE = 0.8
"""Below it (a few words, a name, emoji) the text is taken to be in the default language."""

TOGETHER = 10
"""So many short texts, read as one, tell their language surely."""


def mostly(language: str, texts: Sequence[str], share: float) -> bool:
    """Tell whether at least `share` of the texts are in `language` (ISO 639-1), not of none."""
    identifier = _identifier()
    groups = [" ".join(texts[start : start + TOGETHER]) for start in range(0, len(texts), TOGETHER)]
    return bool(groups) and sum(identifier.classify(group)[0] == language for group in groups) >= share * len(groups)


def can_be_detected(language: str) -> bool:
    """Whether texts in `language` (ISO 639-1) can be told from others at all."""
    return language in _identifier().labels


class LanguageDetector:
    """Naive Bayes over byte n-grams (Lui & Baldwin 2012, langid.py), limited to the languages at hand."""

    def __init__(self, identifier: langid.LanguageIdentifier, default: str, languages: frozenset[str]) -> None:
        self._identifier = identifier
        self._default = default
        self._languages = languages

    @classmethod
    def among(cls, languages: Sequence[str], default: str) -> LanguageDetector:
        """Make a detector that chooses between `languages` (ISO 639-1) and prefers `default` when in doubt.

        A language that langid does not know is never detected; a conversation may still say that it is in it.
        """
        identifier = _identifier()
        chosen = (frozenset(languages) | {default}) & frozenset(identifier.labels)
        identifier.set_languages(sorted(chosen))
        return cls(identifier, default, chosen)

    def detect(self, text: str) -> str:
        """Return the language of `text`, the default one when nothing speaks clearly for another."""
        if len(self._languages) < 2:
            return self._default
        language, confidence = self._identifier.classify(text)
        return language if confidence >= MIN_CONFIDENCE else self._default


def _identifier() -> langid.LanguageIdentifier:
    """Return an identifier of its own: the languages that it is limited to are its alone, the model is shared."""
    return copy(_loaded())


@cache
def _loaded() -> langid.LanguageIdentifier:
    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
