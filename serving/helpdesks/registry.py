"""The helpdesks that take a note, by name; `standard` reads the response instead and is in a module of its own."""

from __future__ import annotations

from collections.abc import Mapping

from serving.helpdesks.adapter import Adapter, Helpdesk
from serving.helpdesks.chatwoot import Chatwoot
from serving.helpdesks.freshdesk import Freshdesk
from serving.helpdesks.intercom import Intercom
from serving.helpdesks.zammad import Zammad
from serving.helpdesks.zendesk import Zendesk

_ALL: tuple[Adapter, ...] = (Zendesk(), Chatwoot(), Zammad(), Freshdesk(), Intercom())

ADAPTERS: Mapping[Helpdesk, Adapter] = {adapter.helpdesk: adapter for adapter in _ALL}
