"""Personal data that a customer puts where everybody can read it."""

from __future__ import annotations

from collections.abc import Sequence

from repliek.conversation import Conversation
from repliek.privacy.finding import find
from repliek.privacy.spans import Kind


def exposed(conversation: Conversation, published: str = "") -> tuple[Kind, ...]:
    """Return the kinds of personal data in a message on a public channel, each once, in the order of the message.

    A name is none: who posts has one beside the post, and greeting or thanking somebody by name is no accident.

    Args:
        conversation: only its message is read; what it says in private is exposed to nobody.
        published: what the brand itself gives to everybody: its own address is repeated without harm.
    """
    if not conversation.channel.public:
        return ()
    message = conversation.message
    kinds = (span.kind for span in find(message) if message[span.start : span.end] not in published)
    return tuple(dict.fromkeys(kind for kind in kinds if kind is not Kind.NAME))


def removal_warning(kinds: Sequence[Kind]) -> str:
    """Say to an agent what a customer exposed, by kind alone, and what to ask for."""
    return f"The customer posted personal data in public ({', '.join(kinds)}): ask them to remove it."
