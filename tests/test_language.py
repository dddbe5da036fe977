from __future__ import annotations

import pytest

from repliek.language import LanguageDetector, mostly


@pytest.fixture(scope="module")
def detector() -> LanguageDetector:
    return LanguageDetector.among(["nl", "en", "de", "fr"], default="nl")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mijn internet werkt al twee dagen niet meer, kunnen jullie helpen?", "nl"),
        ("My internet has not been working for two days, can you help me?", "en"),
        ("Mein Internet funktioniert seit zwei Tagen nicht, können Sie helfen?", "de"),
        ("Mon internet ne fonctionne plus depuis deux jours, pouvez-vous m'aider?", "fr"),
    ],
)
def test_a_sentence_speaks_for_its_language(detector: LanguageDetector, text: str, language: str) -> None:
    assert detector.detect(text) == language


@pytest.mark.parametrize("text", ["", "ok", "😀😀", "Eric", "12345", "\x00"])
def test_in_doubt_it_is_the_default(detector: LanguageDetector, text: str) -> None:
    assert detector.detect(text) == "nl"


def test_only_the_languages_at_hand_are_found() -> None:
    detector = LanguageDetector.among(["en"], default="nl")
    assert detector.detect("Mein Internet funktioniert seit zwei Tagen nicht, können Sie helfen?") in {"nl", "en"}


def test_with_one_language_nothing_is_detected() -> None:
    detector = LanguageDetector.among(["nl"], default="nl")
    assert detector.detect("My internet has not been working for two days, can you help me?") == "nl"


def test_short_texts_tell_their_language_together() -> None:
    english = ["where is my card", "cancel it", "ok", "top up failed", "wrong rate", "help", "my pin", "refund please"]
    dutch = ["waar is mijn pas", "stop ermee", "ok", "opwaarderen mislukt", "verkeerde koers", "help", "mijn pincode"]
    assert mostly("en", english * 5, 0.9)
    assert not mostly("en", dutch * 5, 0.9)
    assert not mostly("en", english * 5 + dutch * 5, 0.9)
    assert not mostly("en", [], 0.9)


def test_a_language_that_langid_does_not_know_is_never_detected() -> None:
    detector = LanguageDetector.among(["nl", "xx"], default="nl")
    assert detector.detect("Mijn internet werkt al twee dagen niet meer, kunnen jullie helpen?") == "nl"
    assert LanguageDetector.among(["nl"], default="xx").detect("ok") == "xx"
    assert LanguageDetector.among(["yy"], default="xx").detect("Mijn internet werkt niet meer.") == "xx"


def test_detectors_do_not_share_their_languages() -> None:
    dutch_or_french = LanguageDetector.among(["fr"], default="nl")
    dutch_or_german = LanguageDetector.among(["de"], default="nl")
    assert dutch_or_french.detect("Mon internet ne fonctionne plus depuis deux jours, pouvez-vous m'aider?") == "fr"
    assert dutch_or_german.detect("Mein Internet funktioniert seit zwei Tagen nicht, können Sie helfen?") == "de"
