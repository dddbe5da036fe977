"""What docs/helpdesks promises: settings, bodies, code and links."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from repliek.conversation import Channel
from serving.helpdesks.adapter import Delivery, Event, Helpdesk
from serving.helpdesks.freshdesk import Freshdesk
from serving.helpdesks.settings import Helpdesks, Source
from serving.helpdesks.standard import Standard
from serving.helpdesks.zendesk import Zendesk
from tests.helpdesk_deliveries import STANDARD_SECRET, delivered, payload

DOCS = Path(__file__).parents[1] / "docs" / "helpdesks"
PAGES = {helpdesk: (DOCS / f"{helpdesk}.md").read_text(encoding="utf-8") for helpdesk in Helpdesk}
INDEX = (DOCS / "README.md").read_text(encoding="utf-8")


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def environment(text: str) -> dict[str, str]:
    return dict.fromkeys(re.findall(r"env:([A-Z_]+)", text), STANDARD_SECRET)


@pytest.mark.parametrize("helpdesk", Helpdesk)
def test_the_settings_of_each_page_are_accepted(helpdesk: Helpdesk, tmp_path: Path) -> None:
    (settings,) = blocks(PAGES[helpdesk], "toml")
    file = tmp_path / "helpdesks.toml"
    file.write_text(settings, encoding="utf-8")
    (source,) = Helpdesks.from_toml(file, environment(settings)).sources
    assert source.helpdesk is helpdesk


def test_the_settings_of_all_pages_stand_in_one_file(tmp_path: Path) -> None:
    file = tmp_path / "helpdesks.toml"
    settings = "".join(blocks(page, "toml")[0] for page in PAGES.values())
    file.write_text(settings, encoding="utf-8")
    found = Helpdesks.from_toml(file, environment(settings))
    assert all(found.find(helpdesk, "default") for helpdesk in Helpdesk)


def test_the_index_holds_every_helpdesk_and_every_setting(tmp_path: Path) -> None:
    (settings,) = blocks(INDEX, "toml")
    file = tmp_path / "helpdesks.toml"
    file.write_text(settings, encoding="utf-8")
    (source,) = Helpdesks.from_toml(file, environment(settings)).sources
    assert source.channels == {"any_channel": Channel.REVIEW}
    described = re.findall(r"^\| `([a-z]+)` \|", INDEX, re.MULTILINE)
    assert described == [field.name for field in fields(Source)]
    assert {f"{helpdesk}.md" for helpdesk in Helpdesk} <= set(re.findall(r"\]\(([a-z]+\.md)\)", INDEX))


@pytest.mark.parametrize("page", [INDEX, *PAGES.values()], ids=["README", *PAGES])
def test_links_lead_somewhere(page: str) -> None:
    for path, _, anchor in (link.partition("#") for link in re.findall(r"\]\((?!https?:)([^)]+)\)", page)):
        target = (DOCS / path) if path else DOCS / "README.md"
        assert target.is_file(), path
        headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
        slugs = {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in slugs, anchor


def test_the_body_for_a_trigger_of_zendesk_is_read() -> None:
    (body,) = blocks(PAGES[Helpdesk.ZENDESK], "json")
    template = json.loads(body)
    assert list(template) == list(payload("zendesk_trigger"))
    empty = Zendesk().read(delivered(dict.fromkeys(template, "") | {"ticket_id": "1"}), {})
    assert not isinstance(empty, Event)
    filled = template | {"ticket_id": "1", "public": "true", "author_id": "7", "customer_id": "7", "agent_id": ""}
    assert isinstance(Zendesk().read(delivered(filled), {}), Event)


def test_the_body_of_freshdesk_is_read() -> None:
    (body,) = blocks(PAGES[Helpdesk.FRESHDESK], "json")
    found = Freshdesk().read(delivered(json.loads(body)), {})
    assert isinstance(found, Event)
    assert (found.message, found.customer_name) == ("Wanneer is het opgelost?", "Emily Adams")


def test_the_code_for_standard_webhooks_signs_what_we_accept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLIEK_WEBHOOK_SECRET", STANDARD_SECRET)
    names: dict[str, Any] = {}
    exec(blocks(PAGES[Helpdesk.STANDARD], "python")[0], names)
    delivery = Delivery.of(names["body"].encode(), names["headers"])
    Standard().verify(delivery, [SecretStr(STANDARD_SECRET)], datetime.now(UTC))
    assert Standard().read(delivery).request.channel is Channel.CHAT
