"""Where a message was written, in Repliek's terms."""

from __future__ import annotations

import re

from repliek.conversation import Channel
from serving.helpdesks.adapter import Channels

_OTHER = re.compile(r"[^a-z0-9]+")


def plain(word: str) -> str:
    """Write a helpdesk's word for a channel in one way: `Channel::FacebookPage` and `twitter status` alike."""
    return _OTHER.sub("_", word.lower()).strip("_")


def channel_of(word: str | None, own: Channels, known: Channels, otherwise: Channel) -> Channel:
    """Return the channel for a helpdesk's word: the source's own choice, then the adapter's, then `otherwise`."""
    key = plain(word or "")
    return own.get(key) or known.get(key) or otherwise
