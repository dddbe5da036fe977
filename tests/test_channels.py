from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from repliek.conversation import Channel
from repliek.tone.channels import (
    FORMATS,
    MAX_POSTS,
    SPLITTABLE,
    Length,
    Shape,
    as_script,
    measure,
    missed_window,
    split,
)
from repliek.tone.channels.sentences import cuts, sentences

DAY = timedelta(hours=24)
NUMBER = re.compile(r" \((\d)/(\d)\)(?=$| \^)")


def words(text: str) -> list[str]:
    return text.split()


class TestFormats:
    @pytest.mark.parametrize("channel", list(Channel))
    def test_every_channel_has_a_limit(self, channel: Channel) -> None:
        assert measure("Dag", channel).fits
        assert not measure("a" * 20_001, channel).fits

    def test_every_channel_has_its_shape(self) -> None:
        shapes = {shape: {channel for channel in Channel if FORMATS[channel].shape is shape} for shape in Shape}
        assert shapes[Shape.POST] == {channel for channel in Channel if channel.public}
        assert shapes[Shape.MAIL] == {Channel.EMAIL}
        assert shapes[Shape.SCRIPT] == {Channel.PHONE}

    def test_free_text_has_its_time_on_whatsapp_alone(self) -> None:
        assert {channel for channel in Channel if missed_window(channel, timedelta(days=365))} == {Channel.WHATSAPP}
        assert missed_window(Channel.WHATSAPP, DAY) is None
        assert missed_window(Channel.WHATSAPP, DAY + timedelta(seconds=1)) == DAY

    def test_other_channels_count_characters(self) -> None:
        assert measure("😀 https://www.wadlijn.example/hulp", Channel.SMS) == Length(34, 320)

    def test_a_text_may_fill_the_limit(self) -> None:
        assert measure("a" * 280, Channel.X).fits
        assert not measure("a" * 281, Channel.X).fits


class TestWeighingForX:
    @pytest.mark.parametrize(
        ("text", "used"),
        [
            ("Dag Eric", 8),
            ("café", 4),
            ("cafe\u0301", 4),  # a letter and its accent apart are one character
            ("€", 2),  # outside the ranges of weight 1, as X has it
            ("“Dag” – ja…", 12),  # only the ellipsis lies outside them
            ("日本", 4),
            ("a" * 10_000, 10_000),
        ],
        ids=lambda value: None if isinstance(value, int) else value[:12],
    )
    def test_characters(self, text: str, used: int) -> None:
        assert measure(text, Channel.X) == Length(used, 280)

    @pytest.mark.parametrize(
        ("text", "used"),
        [
            ("😀", 2),
            ("☺", 2),
            ("☺\ufe0f", 2),
            ("👍🏽", 2),  # with a skin tone
            ("👨\u200d👩\u200d👧\u200d👦", 2),  # a family, put together from four
            ("🙋🏽👨\u200d🎤", 4),
            ("🇳🇱🇧🇪", 4),
            ("1\ufe0f\u20e31\u20e3", 4),
            ("1\u200d", 2),  # what joins nothing is a character
            ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", 2),
            ("©®", 2),
            ("©\ufe0f", 2),
        ],
    )
    def test_an_emoji_counts_once_whatever_it_is_made_of(self, text: str, used: int) -> None:
        assert measure(text, Channel.X).used == used

    @pytest.mark.parametrize(
        ("text", "used"),
        [
            ("Zie https://www.wadlijn.example/hulp?vraag=1&b=2 a.u.b.", 4 + 23 + 7),
            ("Kijk op wadlijn.nl/router of mijn.wadlijn.com", 8 + 23 + 4 + 23),
            ("http://a.nl", 23),
            ("(wadlijn.nl), foo.co.jp.", 1 + 23 + 3 + 23 + 1),
            ("https://wadlijn.nl/hulp. Dank", 23 + 6),
            ("wadlijn.shop wadlijn.amsterdam", 23 + 1 + 23),
            ("Fijn.Is dat zo", 23 + 7),  # "fijn.is" is an address, and X makes it one
            ("Dag.En tot ziens", 16),
            ("Goed.Beste Eric", 15),
            ("jan@wadlijn.nl", 14),
            ("zie...wadlijn.nl!", 17),  # behind a full stop, a hyphen or a slash X makes no link of a name
            (f"{'a' * 64}.com", 68),  # longer than the part of a name may be
            (f"https://wadlijn.onbekend/{'a' * 9}", 34),  # an ending that is not known: the longer of the two counts
            ("http://a.zzz", 23),
            ("a-" * 10_000, 20_000),
            ("a." * 10_000, 20_000),
        ],
        ids=lambda value: None if isinstance(value, int) else value[:12],
    )
    def test_a_link_counts_23(self, text: str, used: int) -> None:
        assert measure(text, Channel.X).used == used


class TestSentences:
    @pytest.mark.parametrize(
        "text",
        [
            "Dit is één zin",
            "Bel o.a. Wadlijn, t.a.v. Jan, bijv. Dhr. Bos of J.P. Smit.",
            "Ze zei “Stop. Nu.” en ging.",
            'Op het scherm staat "Fout. Probeer het opnieuw."',
            "De dienst (Stuk. Helaas.) komt terug.",
            "1. Zet de router uit.",
            "Dat is fijn! 😀",
            "Kijk op wadlijn.nl/hulp.Nu of bel 050.123.45.67",
            "Het kost € 1.250. per jaar",
        ],
    )
    def test_what_is_whole_stays_whole(self, text: str) -> None:
        assert sentences(text) == (text,)
        assert cuts(text) == ()

    @pytest.mark.parametrize(
        ("text", "pieces"),
        [
            ("Kijk op wadlijn.nl. Daarna bel je.", ("Kijk op wadlijn.nl.", "Daarna bel je.")),
            ("Top! 😀 Wat fijn… Dag", ("Top! 😀", "Wat fijn…", "Dag")),
            ("“Klopt dat?” Ja.", ("“Klopt dat?”", "Ja.")),
            ("In week 45. Daarna niet meer.", ("In week 45.", "Daarna niet meer.")),
            ("Hoi Eric,\nDat kan.\n\nGroet", ("Hoi Eric,", "Dat kan.", "Groet")),
            ("  Ja.  Nee. \n", ("Ja.", "Nee.")),
            ("'s Avonds niet. En 's ochtends? Wel.", ("'s Avonds niet.", "En 's ochtends?", "Wel.")),
            (" \n ", ()),
        ],
    )
    def test_sentences_and_lines_end(self, text: str, pieces: tuple[str, ...]) -> None:
        assert sentences(text) == pieces

    def test_a_greeting_an_announcement_and_a_signature_do_not_stand_alone(self) -> None:
        text = "Hoi Eric,\nDoe dit:\n- stap een\n- stap twee\nLukt dat? Bel ons. ^EK"
        assert [text[place:].split()[0] for place in cuts(text)] == ["-", "Lukt", "Bel"]


class TestSplit:
    LONG = (
        "Hoi Eric,\nWat vervelend dat je internet er sinds gisteren uit ligt! Er is een storing in Zwolle, en onze "
        "monteurs zijn er al mee bezig. Kijk op https://www.wadlijn.example/storing/zwolle/vandaag voor nieuws. "
        "Werkt het daarna nog niet? Zet je modem dan een minuut uit en weer aan. Lukt dat niet, stuur ons dan even een "
        "privébericht, dan kijken we verder met je mee. ^EK"
    )

    def test_what_fits_is_one_post_without_a_number(self) -> None:
        assert split("Dag! ^EK", Channel.X, 1) == ("Dag! ^EK",)

    def test_what_does_not_fit_is_numbered_and_signed_once(self) -> None:
        posts = split(self.LONG, Channel.X, 3)
        assert posts is not None
        assert len(posts) == 2
        assert posts[0].endswith("een minuut uit en weer aan. (1/2)")
        assert posts[1].startswith("Lukt dat niet")
        assert posts[1].endswith("met je mee. (2/2) ^EK")

    def test_a_question_stays_with_what_follows_where_that_takes_no_more_posts(self) -> None:
        text = f"{'A' * 200}. Lukt het niet? {'B' * 200}."
        assert split(text, Channel.X, 3) == (f"{'A' * 200}. (1/2)", f"Lukt het niet? {'B' * 200}. (2/2)")
        text = f"{'A' * 200}. Lukt het niet? {'B' * 270}."
        assert split(text, Channel.X, 3) == (f"{'A' * 200}. Lukt het niet? (1/2)", f"{'B' * 270}. (2/2)")

    def test_more_posts_than_are_allowed_are_none(self) -> None:
        assert split(self.LONG, Channel.X, 1) is None
        assert split(self.LONG * 2, Channel.X, 2) is None

    def test_a_sentence_longer_than_a_post_cannot_be_cut(self) -> None:
        assert split(f"Kort. {'lang ' * 70}. Kort.", Channel.X, MAX_POSTS) is None
        assert split(f"Ze zei: “{'Dat kan niet. ' * 30}”", Channel.X, MAX_POSTS) is None

    def test_the_number_has_to_fit_too(self) -> None:
        sentence = "A" * 139 + "."
        assert split(f"{sentence} {sentence}", Channel.X, 2) == (f"{sentence} (1/2)", f"{sentence} (2/2)")
        full = "A" * 279 + "."
        assert split(f"{full} Nog iets.", Channel.X, 2) is None

    def test_a_mail_and_a_call_are_never_split(self) -> None:
        assert set(Channel) - SPLITTABLE == {Channel.EMAIL, Channel.PHONE}
        for channel in set(Channel) - SPLITTABLE:
            assert split("Een zin. " * 5_000, channel, MAX_POSTS) is None

    @pytest.mark.parametrize("most", [0, MAX_POSTS + 1])
    def test_the_number_of_posts_has_a_limit(self, most: int) -> None:
        with pytest.raises(ValueError, match=f"{most} posts; expected 1 to 9"):
            split("Dag", Channel.X, most)

    @given(
        st.lists(
            st.sampled_from(
                [
                    "Hoi Eric,\n",
                    "Wat vervelend dat het niet werkt! ",
                    "Kijk op https://wadlijn.example/hulp voor meer. ",
                    "Ze zei “Stop. Nu.” en ging weg. ",
                    "Het kost € 12,50 per maand, of 1.250 punten. 😀 ",
                    "- een stap, o.a. deze\n",
                    "日本語のサポートはありません。 ",
                    "x" * 120 + " ",
                ]
            ),
            min_size=1,
            max_size=30,
        ),
        st.sampled_from(["", " ^EK"]),
        st.sampled_from(sorted(SPLITTABLE)),
        st.integers(1, MAX_POSTS),
    )
    def test_every_post_fits_and_no_word_is_lost(
        self, pieces: list[str], signature: str, channel: Channel, most: int
    ) -> None:
        text = "".join(pieces).strip() + signature
        posts = split(text, channel, most)
        if posts is None:
            assert not measure(text, channel).fits
            return
        assert 1 <= len(posts) <= most
        assert all(measure(post, channel).fits for post in posts)
        assert words(" ".join(NUMBER.sub("", post) if len(posts) > 1 else post for post in posts)) == words(text)
        if len(posts) > 1:
            numbers = [(int(found[1]), int(found[2])) for post in posts if (found := NUMBER.search(post))]
            assert numbers == [(place, len(posts)) for place in range(1, len(posts) + 1)]
            assert [post.endswith(signature or ")") for post in posts][-1]

    @given(st.text(alphabet=st.sampled_from("ab. !?\n\"“”'(),:^😀\u200d🇳1"), min_size=200, max_size=700))
    def test_whatever_the_text(self, text: str) -> None:
        posts = split(text, Channel.X, MAX_POSTS)
        assume(posts is not None and len(posts) > 1)
        assert posts is not None
        assert all(measure(post, Channel.X).fits for post in posts)
        assert words(" ".join(NUMBER.sub("", post, count=1) for post in posts)) == words(text)


class TestScript:
    def test_a_point_for_each_sentence_without_what_cannot_be_said(self) -> None:
        text = "Hoi Eric,\nFijn dat je belt! 😀 Zo doe je het:\n1. Ga naar https://www.wadlijn.nl/hulp.\n- Klaar. ^EK"
        assert as_script(text) == (
            "- Hoi Eric,\n- Fijn dat je belt!\n- Zo doe je het:\n- Ga naar wadlijn.nl/hulp.\n- Klaar."
        )

    def test_a_question_stands_with_what_follows_it(self) -> None:
        text = "We horen graag van u. Niets gezien? Kijk bij de spam. Echt niet? Of toch? Bel ons. Gelukt?"
        assert as_script(text) == (
            "- We horen graag van u.\n- Niets gezien? Kijk bij de spam.\n- Echt niet? Of toch?\n- Bel ons.\n- Gelukt?"
        )

    @given(st.text(max_size=300))
    def test_every_line_is_a_point_and_no_word_is_lost(self, text: str) -> None:
        assume("^" not in text and "http" not in text.lower())
        script = as_script(text)
        assert all(line.startswith("- ") and line[2:].strip() for line in script.split("\n") if script)
        letters = [character for character in text if character.isalpha()]
        assert [character for character in script if character.isalpha()] == letters


def test_hostile_texts_cost_no_more_than_a_moment() -> None:
    started = time.process_time()
    for text in (
        "a. B " * 4_000,
        "\n" * 20_000,
        " " * 20_000,
        '"a ' * 7_000,
        "‘a. B " * 3_500,
        "1. " * 7_000,
        "http://" + "a." * 9_000,
        "a.nl/" + "(" * 19_000,
        "a.nl/?" * 3_000,
        "👨\u200d" * 10_000,
    ):
        measure(text, Channel.X)
        split(text, Channel.FACEBOOK, MAX_POSTS)
        as_script(text)
    assert time.process_time() - started < 4
