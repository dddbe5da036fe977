from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from evaluation.observations import DISTRACTORS
from evaluation.yardsticks import LEAST, WRONG, RightIntent, SuggestionWorth, TrueReply, choose
from repliek.errors import DataError
from repliek.history import OUT_OF_SCOPE, Exchange
from repliek.suggester import Suggester
from tests.fixture_bundle import MESSAGES


def exchange(number: int, message: str = MESSAGES.suggested, **fields: object) -> Exchange:
    return Exchange(exchange_id=f"e{number}", message=message, **fields)  # type: ignore[arg-type]


def unheard(what: str, done: int, total: int) -> None:
    assert 0 <= done <= total


def many(n: int, **fields: object) -> list[Exchange]:
    return [exchange(number, **fields) for number in range(n)]


def chosen(history: Sequence[Exchange], suggester: Suggester) -> str:
    return choose(history, [suggester.bundle.knowledge])[0].name


class TestWorth:
    LINES = (
        exchange(0, MESSAGES.suggested, answer_id="delivery"),
        exchange(1, MESSAGES.suggested, answer_id="delivery-en"),  # another wording of the same topic
        exchange(2, MESSAGES.suggested, answer_id="refund"),  # something else is shown
        exchange(3, MESSAGES.low_confidence, answer_id="delivery"),
        exchange(4, MESSAGES.private_only, answer_id="password-private", channel="x"),  # it may not be said there
        exchange(5, MESSAGES.out_of_scope, intent=OUT_OF_SCOPE),
        exchange(6, MESSAGES.suggested, intent=OUT_OF_SCOPE, answer_id="delivery"),  # nothing is right for it
        exchange(7, MESSAGES.suggested, answer_id="delivery", asked_at="2020-07-01T12:00:00Z"),
    )

    def test_what_is_shown_is_what_counts(self, suggester: Suggester) -> None:
        marks = SuggestionWorth().mark(self.LINES, suggester, seed=0, progress=unheard)
        assert marks.deciding.gained.tolist() == [1, 1, WRONG, 0, 0, 0, WRONG, 1]
        assert marks.deciding.possible.tolist() == [1] * len(self.LINES)

    def test_a_message_is_never_too_old_for_free_text(self, suggester: Suggester) -> None:
        old = exchange(0, MESSAGES.suggested, answer_id="delivery", channel="whatsapp", asked_at="2020-07-01T12:00:00Z")
        marks = SuggestionWorth().mark([old], suggester, seed=0, progress=unheard)
        assert marks.deciding.gained.tolist() == [1]

    def test_guards_count_what_could_be_right_and_what_is_shown(self, suggester: Suggester) -> None:
        guards = SuggestionWorth().mark(self.LINES, suggester, seed=0, progress=unheard).guards
        shares = {name: (shares.gained.sum(), shares.possible.sum()) for name, shares in guards.items()}
        assert shares == {"right one among those shown": (3, 6), "precision of the first": (3, 5)}

    def test_the_right_one_further_down_is_worth_less(self, suggester: Suggester) -> None:
        conversation = MESSAGES.three_questions
        found = suggester.suggest(SuggestionWorth().asked(exchange(0, conversation)), 3)
        assert len(found.suggestions) > 1
        second = exchange(0, conversation, answer_id=found.suggestions[1].answer_id)
        assert SuggestionWorth().mark([second], suggester, seed=0, progress=unheard).deciding.gained.tolist() == [0.5]

    def test_a_validity_is_judged_on_the_day_of_the_message(self, suggester: Suggester) -> None:
        asked = {"answer_id": "summer-sale", "channel": "chat"}
        lines = [
            exchange(0, MESSAGES.expired, **asked),
            exchange(1, MESSAGES.expired, **asked, asked_at="2020-07-01T12:00:00Z"),
        ]
        assert SuggestionWorth().mark(lines, suggester, seed=0, progress=unheard).deciding.gained.tolist() == [0, 1]


class TestRightIntent:
    LINES = (
        exchange(0, MESSAGES.suggested, intent="delivery"),
        exchange(1, MESSAGES.suggested, intent="modem"),
        exchange(2, MESSAGES.out_of_scope, intent=OUT_OF_SCOPE),
        exchange(3, MESSAGES.suggested, intent=OUT_OF_SCOPE),
        exchange(4, MESSAGES.suggested, intent="nobody-knows-it"),
    )

    def test_out_of_scope_messages_are_right_when_they_are_taken_so(self, suggester: Suggester) -> None:
        marks = RightIntent().mark(self.LINES, suggester, seed=0, progress=unheard)
        assert marks.deciding.gained.tolist() == [1, 0, 1, 0, 0]
        shares = {name: (shares.gained.sum(), shares.possible.sum()) for name, shares in marks.guards.items()}
        assert shares == {"intents.in_scope_accuracy": (1, 3), "intents.oos_recall": (1, 2)}


class TestTrueReply:
    def test_it_is_one_of_100(self, suggester: Suggester) -> None:
        history = [exchange(number, reply=f"antwoord {number}") for number in range(DISTRACTORS + 1)]
        marks = TrueReply().mark(history, suggester, seed=0, progress=unheard)
        assert not np.isnan(marks.deciding.gained).any()
        assert marks.deciding.gained.max() <= 1

    def test_a_hundred_different_replies_are_needed(self) -> None:
        assert TrueReply().tells(many(200, reply="hetzelfde"), ()).sum() == 0
        different = [exchange(number, reply=f"antwoord {number}") for number in range(DISTRACTORS + 1)]
        assert TrueReply().tells([*different, exchange(900)], ()).sum() == DISTRACTORS + 1


class TestChoice:
    def test_answers_decide_where_enough_are_known(self, suggester: Suggester) -> None:
        history = many(LEAST, answer_id="delivery", intent="delivery")
        assert chosen(history, suggester) == SuggestionWorth().name
        assert chosen(history[1:] + many(1, intent="delivery"), suggester) == RightIntent().name

    def test_out_of_scope_messages_alone_say_nothing_of_answers(self, suggester: Suggester) -> None:
        history = many(3, answer_id="delivery", intent="delivery") + many(LEAST, intent=OUT_OF_SCOPE)
        assert chosen(history, suggester) == RightIntent().name

    def test_messages_nobody_can_tell_of_are_left_out(self, suggester: Suggester) -> None:
        history = [*many(LEAST, answer_id="delivery"), exchange(900, answer_id="unknown"), exchange(901)]
        _, tells = choose(history, [suggester.bundle.knowledge])
        assert tells.tolist() == [True] * LEAST + [False] * 2

    def test_replies_decide_where_there_is_nothing_else(self, suggester: Suggester) -> None:
        history = [exchange(number, reply=f"antwoord {number}") for number in range(DISTRACTORS + 1)]
        assert chosen(history, suggester) == TrueReply().name

    def test_too_little_is_said(self, suggester: Suggester) -> None:
        with pytest.raises(DataError, match="cannot tell which is better; expected 50 or more"):
            chosen(many(3, answer_id="delivery"), suggester)
