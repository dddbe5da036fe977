"""The knowledge base over HTTP, asked in process."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from repliek.knowledge import Answer
from repliek.suggester import Suggester
from repliek.wire.answers import MAX_IMPORT_BYTES, MAX_IMPORTED
from repliek.wire.problems import MAX_BODY_BYTES, MEDIA_TYPE
from serving.desk import Desk
from serving.settings import Settings
from serving.store import keys
from serving.store.database import Database
from serving.store.keys import Scope
from tests.fixture_bundle import ANSWERS, MESSAGES, write_tiny_bundle
from tests.served import served

MARKER = "zonnebloemolie"
NEW = {"text": "Je pakket ligt klaar bij de winkel.", "register": "je", "intent": "delivery", "variant_of": "delivery"}
IDS = sorted(answer.answer_id for answer in ANSWERS)
JSONL, CSV = {"Content-Type": "application/jsonl"}, {"Content-Type": "text/csv; charset=utf-8"}


@pytest.fixture
def client(suggester: Suggester, store_url: str) -> Iterator[TestClient]:
    """Of a server that is open to everybody, on a store of its own."""
    with served(Settings(database_url=store_url), Desk("default", suggester)) as app, TestClient(app) as client:
        yield client


@pytest.fixture
def quick(suggester: Suggester, tmp_path: Path) -> Iterator[TestClient]:
    """The same on SQLite alone, for what does not ask the store."""
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}")
    with served(settings, Desk("default", suggester)) as app, TestClient(app) as client:
        yield client


def assert_problem(response: Any, status: int, *fields: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == MEDIA_TYPE
    problem = response.json()
    assert list(problem) == ["type", "title", "status", "detail", "errors"]
    assert [error["field"] for error in problem["errors"]] == list(fields)
    assert MARKER not in response.text


def suggested(client: TestClient, message: str = MESSAGES.suggested, **more: object) -> list[str]:
    response = client.post("/v1/suggest", json={"message": message, **more})
    assert response.status_code == 200, response.text
    return [one["answer_id"] for one in response.json()["suggestions"]]


def test_an_answer_of_the_bundle(client: TestClient) -> None:
    response = client.get("/v1/answers/delivery-je")
    assert response.status_code == 200
    found = response.json()
    assert found["text"] == ANSWERS[0].text
    assert (found["version"], found["source"], found["updated_at"], found["updated_by"]) == (0, "bundle", None, None)
    assert response.headers["etag"] == found["etag"]
    assert found["etag"].startswith('"0-')
    same = client.get("/v1/answers/delivery-je", headers={"If-None-Match": f'W/{found["etag"]}, "x"'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", found["etag"])
    assert client.get("/v1/answers/delivery-je", headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_saved_answer_is_suggested_at_once(client: TestClient) -> None:
    for variant in ("delivery-je", "delivery-u"):
        assert client.delete(f"/v1/answers/{variant}").status_code == 204
    response = client.put("/v1/answers/shop", json=NEW)
    assert response.status_code == 201
    saved = response.json()
    assert response.headers["etag"] == saved["etag"]
    assert saved["language"] == "nl"
    assert (saved["version"], saved["source"], saved["updated_by"], saved["warnings"]) == (1, "live", None, [])
    assert suggested(client)[0] == "shop"
    again = client.put("/v1/answers/shop", json={**NEW, "text": "Je pakket ligt bij de buren."})
    assert (again.status_code, again.json()["version"]) == (200, 2)
    assert "buren" in client.post("/v1/suggest", json={"message": MESSAGES.suggested}).json()["suggestions"][0]["text"]
    unchanged = client.put("/v1/answers/shop", json={**NEW, "text": "Je pakket ligt bij de buren."})
    assert (unchanged.status_code, unchanged.json()) == (200, again.json())
    client.put("/v1/answers/shop", json={**NEW, "status": "blocked"})
    assert "shop" not in suggested(client)
    client.put("/v1/answers/shop", json=NEW)
    assert suggested(client)[0] == "shop"
    client.delete("/v1/answers/shop")
    assert "shop" not in suggested(client)


def test_a_lost_update_is_refused(client: TestClient) -> None:
    read = client.get("/v1/answers/delivery-je").headers["etag"]
    only = {"If-Match": read}
    mine = client.put("/v1/answers/delivery-je", json=NEW, headers=only)
    assert mine.status_code == 200
    lost = client.put("/v1/answers/delivery-je", json={"text": MARKER}, headers=only)
    assert_problem(lost, 412)
    assert lost.headers["etag"] == mine.headers["etag"]
    assert_problem(client.delete("/v1/answers/delivery-je", headers=only), 412)
    assert client.get("/v1/answers/delivery-je").json()["text"] == NEW["text"]
    for weak_or_other in (f"W/{mine.headers['etag']}", '"x"'):
        refused = client.put("/v1/answers/delivery-je", json=NEW, headers={"If-Match": weak_or_other})
        assert_problem(refused, 412)
    assert client.delete("/v1/answers/delivery-je", headers={"If-Match": mine.headers["etag"]}).status_code == 204
    assert_problem(client.put("/v1/answers/delivery-je", json=NEW, headers={"If-Match": "*"}), 412)
    new = client.put("/v1/answers/delivery-je", json=NEW, headers={"If-None-Match": "*"})
    assert (new.status_code, new.json()["version"]) == (201, 3)
    assert_problem(client.put("/v1/answers/delivery-je", json=NEW, headers={"If-None-Match": "*"}), 412)
    assert client.put("/v1/answers/delivery-je", json=NEW, headers={"If-Match": "*"}).status_code == 200


def test_every_version_is_kept(client: TestClient) -> None:
    client.put("/v1/answers/delivery-je", json=NEW)
    client.delete("/v1/answers/delivery-je")
    assert_problem(client.get("/v1/answers/delivery-je"), 404)
    items = client.get("/v1/answers/delivery-je/versions").json()["items"]
    assert [item["version"] for item in items] == [2, 1, 0]
    assert items[0]["answer"] is None
    assert [item["answer"]["text"] for item in items[1:]] == [NEW["text"], ANSWERS[0].text]
    assert items[1]["answer"]["updated_at"] == items[1]["updated_at"] is not None
    assert items[2]["updated_at"] is None


def test_what_there_is_not(quick: TestClient) -> None:
    assert_problem(quick.get("/v1/answers/never"), 404)
    assert_problem(quick.get("/v1/answers/never/versions"), 404)
    assert_problem(quick.delete("/v1/answers/never"), 404)
    assert_problem(quick.delete("/v1/answers/never", headers={"If-Match": '"x"'}), 404)


@pytest.mark.parametrize("answer_id", ["faq/delivery", "a b", "é", "..", "50%", "a?b#c"])
def test_an_id_may_hold_anything_on_one_line(quick: TestClient, answer_id: str) -> None:
    path = "/v1/answers/" + "".join(f"%{byte:02X}" for byte in answer_id.encode())
    assert quick.put(path, json={**NEW, "answer_id": answer_id}).status_code == 201
    assert quick.get(path).json()["answer_id"] == answer_id
    assert quick.get(f"{path}/versions").json()["items"][0]["version"] == 1
    assert quick.delete(path).status_code == 204


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answer_id": "other"}, "answer_id"),
        ({"valid_from": "2026-03-02", "valid_until": "2026-03-01"}, "valid_until"),
        ({"language": "Nederlands"}, "language"),
        ({"text": "{first_name} {order_number}!"}, "text"),
        ({"text": " "}, "text"),
        ({"text": f"{MARKER}\ud83d"}, "text"),
        ({"status": MARKER}, "status"),
        ({"audiance": "private"}, "audiance"),
        ({"source_url": "x\0"}, "source_url"),
    ],
)
def test_a_wrong_answer(quick: TestClient, given: dict[str, object], field: str) -> None:
    body = json.dumps({**NEW, **given})
    response = quick.put("/v1/answers/mine", content=body, headers={"Content-Type": "application/json"})
    assert_problem(response, 422, field)
    assert_problem(quick.get("/v1/answers/mine"), 404)


def test_a_wrong_request(quick: TestClient) -> None:
    assert_problem(quick.put("/v1/answers/a%00b", json=NEW), 422, "answer_id")
    assert_problem(quick.put("/v1/answers/mine", content=b"{}"), 415, "Content-Type")
    assert_problem(quick.put("/v1/answers/mine", json=NEW, headers={"If-Match": MARKER}), 422, "If-Match")
    assert_problem(quick.get("/v1/answers/mine", headers={"If-None-Match": MARKER}), 422, "If-None-Match")
    assert_problem(quick.get("/v1/answers?limit=0"), 422, "limit")
    assert_problem(quick.get("/v1/answers?langauge=nl"), 422, "langauge")
    assert_problem(quick.put("/v1/answers/mine", json={"text": MARKER * MAX_BODY_BYTES}), 413, "body")


def test_warnings_do_not_keep_an_answer_from_being_saved(quick: TestClient) -> None:
    body = {"text": "U krijgt {amount} terug, {first_name}.", "register": "je"}
    saved = quick.put("/v1/answers/mine", json=body)
    assert saved.status_code == 201
    assert [warning.partition(",")[0] for warning in saved.json()["warnings"]] == ["wrong_register", "open_slots"]


def test_pages_in_the_order_of_the_ids(client: TestClient) -> None:
    client.put("/v1/answers/aaa", json=NEW)
    client.delete("/v1/answers/modem")
    expected = ["aaa", *(one for one in IDS if one != "modem")]
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        page = client.get("/v1/answers", params={"limit": 4} | ({"after": after} if after else {})).json()
        assert len(page["items"]) <= 4
        found += [item["answer_id"] for item in page["items"]]
        after = page["next"]
    assert found == expected
    assert [item["answer_id"] for item in client.get("/v1/answers").json()["items"]] == expected


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ONDERWEG", ["delivery-je", "delivery-u"]),
        ("q=pakket%20delivery-u", ["delivery-u"]),
        ("q=pakket%20factuur", []),
        ("q=refund", ["refund"]),
        ("q=spoed", ["tagged"]),
        ("intent=delivery&language=en", ["delivery-en"]),
        ("status=blocked", ["discount"]),
        ("q=%20", [*IDS, "tagged"]),
    ],
)
def test_filters(quick: TestClient, query: str, found: list[str]) -> None:
    quick.put("/v1/answers/tagged", json={"text": "Hoi.", "tags": ["Spoed"]})
    assert [item["answer_id"] for item in quick.get(f"/v1/answers?{query}").json()["items"]] == found


TROUBLE = (
    Answer(answer_id="=formula", text="=1+1", language="nl", tags=("=a", "b;c")),
    Answer(answer_id="lines", text='Regel een;\r\n"regel" twee,\n\nslot\u2028', language="nl", author="-Jan"),
    Answer(answer_id="list", text='["a"]', language="nl", source_url="@x"),
    Answer(answer_id="quote", text="'=niet", language="nl", valid_from="2026-03-01", valid_until="2026-12-31"),
)


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_is_exported_changes_nothing_when_it_is_imported(client: TestClient, form: str) -> None:
    for answer in TROUBLE:
        body = {
            "text": answer.text,
            "tags": list(answer.tags),
            "author": answer.author,
            "source_url": answer.source_url,
            "valid_from": answer.valid_from and str(answer.valid_from),
            "valid_until": answer.valid_until and str(answer.valid_until),
        }
        assert client.put(f"/v1/answers/{answer.answer_id}", json=body).status_code == 201
    client.delete("/v1/answers/modem")
    before = client.get("/v1/answers?limit=500").json()
    exported = client.get(f"/v1/answers?format={form}")
    assert exported.status_code == 200
    assert exported.headers["content-disposition"] == f'attachment; filename="answers.{form}"'
    kind = {"Content-Type": exported.headers["content-type"]}
    imported = client.post("/v1/answers", content=exported.content, headers=kind).json()
    assert imported == {"created": 0, "updated": 0, "unchanged": len(before["items"]), "rejected": []}
    assert client.get("/v1/answers?limit=500").json() == before
    for item in before["items"]:
        client.delete(f"/v1/answers/{item['answer_id']}")
    imported = client.post("/v1/answers", content=exported.content, headers=kind).json()
    assert imported == {"created": len(before["items"]), "updated": 0, "unchanged": 0, "rejected": []}
    assert client.get(f"/v1/answers?format={form}").content == exported.content


def test_an_export_can_be_filtered_and_is_safe_in_a_spreadsheet(quick: TestClient) -> None:
    quick.put("/v1/answers/f", json={"text": "=1+1", "intent": "sums"})
    text = quick.get("/v1/answers?format=csv&intent=sums").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["answer_id"], row["text"], row["intent"]) == ("f", "'=1+1", "sums")
    assert len(quick.get("/v1/answers?format=jsonl&limit=2").text.splitlines()) == 2


def test_a_sheet_of_a_dutch_spreadsheet(quick: TestClient) -> None:
    sheet = 'answer_id;text;valid_until;tags\r\nwinkel;"Open; ook op zondag";31-12-2026;"[""a""]"\r\nleeg;;;\r\n'
    imported = quick.post("/v1/answers", content=sheet.encode("utf-8-sig"), headers=CSV).json()
    assert (imported["created"], imported["rejected"]) == (1, [{"line": 3, "reason": "text: expected, but not given"}])
    found = quick.get("/v1/answers/winkel").json()
    assert (found["text"], found["valid_until"], found["tags"]) == ("Open; ook op zondag", "2026-12-31", ["a"])


def test_good_lines_are_taken_and_bad_ones_told(client: TestClient) -> None:
    lines = [
        json.dumps({"answer_id": "good", "text": "Je pakket ligt klaar.", "language": "nl"}),
        f'{{"answer_id": "{MARKER}',
        json.dumps({"answer_id": "bad", "text": "Ok.", "status": MARKER, MARKER + " en meer": 1}),
        "",
        json.dumps({"text": MARKER}),
        json.dumps({"answer_id": "good", "text": MARKER}),
        json.dumps({"answer_id": "delivery-je", "text": "Anders.", "language": "nl"}),
    ]
    response = client.post("/v1/answers", content="\n".join(lines), headers=JSONL)
    assert response.status_code == 200
    assert MARKER not in response.text
    imported = response.json()
    assert (imported["created"], imported["updated"], imported["unchanged"]) == (1, 1, 0)
    assert [(one["line"], one["reason"].partition(" ")[0]) for one in imported["rejected"]] == [
        (2, "not"),
        (3, "status:"),
        (5, "answer_id:"),
        (6, "answer_id:"),
    ]
    assert client.get("/v1/answers/good").json()["updated_by"] is None


@pytest.mark.parametrize(
    ("content", "headers", "status", "field"),
    [
        (b"", JSONL, 422, "body"),
        (b"", CSV, 422, "body"),
        (b"\xff\xfe", JSONL, 422, "body"),
        (b"{}\n" * (MAX_IMPORTED + 1), JSONL, 422, "body"),
        (b"{}\n", {"Content-Type": "application/json"}, 415, "Content-Type"),
        (b"{}\n", {}, 415, "Content-Type"),
        (b"x" * (MAX_IMPORT_BYTES + 1), JSONL, 413, "body"),
    ],
    ids=["empty", "empty CSV", "bytes", "too many", "JSON", "nothing said", "too large"],
)
def test_what_cannot_be_imported(
    quick: TestClient, content: bytes, headers: dict[str, str], status: int, field: str
) -> None:
    assert_problem(quick.post("/v1/answers", content=content, headers=headers), status, field)


def test_a_large_file_is_imported_piece_by_piece_too(quick: TestClient) -> None:
    line = json.dumps({"answer_id": "long", "text": "woord " * 3_000}).encode() + b"\n"
    content = line + b"\n" * (MAX_IMPORT_BYTES - len(line))
    assert len(content) > MAX_BODY_BYTES
    pieces = (content[start : start + 2**16] for start in range(0, len(content), 2**16))
    assert quick.post("/v1/answers", content=pieces, headers=JSONL).json()["created"] == 1
    too_many = ((b"\n" * 2**16) for _ in range(MAX_IMPORT_BYTES // 2**16 + 1))
    assert_problem(quick.post("/v1/answers", content=too_many, headers=JSONL), 413, "body")


def test_validity_ends_at_midnight_where_the_message_came_in(quick: TestClient) -> None:
    for variant in ("delivery-je", "delivery-u", "delivery-en"):
        quick.delete(f"/v1/answers/{variant}")
    quick.put("/v1/answers/shop", json={**NEW, "valid_from": "2026-08-01", "valid_until": "2026-08-31"})
    assert "shop" in suggested(quick, received_at="2026-08-31T23:59:59+02:00")
    assert "shop" not in suggested(quick, received_at="2026-09-01T00:00:00+02:00")
    assert "shop" in suggested(quick, received_at="2026-08-31T22:00:00Z")
    assert "shop" not in suggested(quick, received_at="2026-07-31T23:59:59+02:00")
    assert "shop" in suggested(quick, received_at="2026-08-01T00:00:00+02:00")


def test_live_answers_survive_a_restart_and_another_bundle(
    store_url: str, suggester: Suggester, tmp_path: Path
) -> None:
    settings = Settings(database_url=store_url)
    with served(settings, Desk("default", suggester)) as app, TestClient(app) as client:
        client.put("/v1/answers/shop", json=NEW)
        client.put("/v1/answers/delivery-u", json={**NEW, "register": "u", "text": "Uw pakket ligt klaar."})
        client.delete("/v1/answers/delivery-je")
        client.delete("/v1/answers/modem")
    changed = {
        "delivery-u": replace(ANSWERS[1], text="Uw pakket komt morgen."),
        "modem": replace(ANSWERS[9], text="De modem staat klaar."),
    }
    answers = [changed.get(answer.answer_id, answer) for answer in ANSWERS]
    shop = Answer(answer_id="shop", text="Uit de bundel.", language="nl", intent="delivery", variant_of="delivery")
    write_tiny_bundle(tmp_path / "bundle", tmp_path / "encoder", [*answers, shop])
    other = Suggester.from_bundle(tmp_path / "bundle")
    with served(settings, Desk("default", other)) as app, TestClient(app) as client:
        assert suggested(client)[0] == "shop"
        assert client.get("/v1/answers/shop").json()["text"] == NEW["text"]
        assert client.get("/v1/answers/delivery-u").json()["text"] == "Uw pakket ligt klaar."
        assert_problem(client.get("/v1/answers/delivery-je"), 404)
        assert_problem(client.get("/v1/answers/modem"), 404)
        versions = client.get("/v1/answers/shop/versions").json()["items"]
        assert [item["answer"]["text"] for item in versions] == [NEW["text"], "Uit de bundel."]


def test_brands_and_scopes(store_url: str, suggester: Suggester) -> None:
    database = Database.from_url(store_url)
    made = {}
    with database.writing() as session:
        for name, brand, scope in (
            ("editor", "one", Scope.ANSWERS_WRITE),
            ("agent", "one", Scope.SUGGEST),
            ("figures", "one", Scope.INSIGHTS),
            ("other", "two", Scope.ANSWERS_WRITE),
        ):
            made[name] = {"Authorization": f"Bearer {keys.create(session, brand, name, [scope])[1]}"}
    database.close()
    settings = Settings(database_url=store_url)
    with served(settings, Desk("one", suggester), Desk("two", suggester)) as app, TestClient(app) as client:
        saved = client.put("/v1/answers/shop", json=NEW, headers=made["editor"])
        assert (saved.status_code, saved.json()["updated_by"]) == (201, "editor")
        assert client.get("/v1/brands/one/answers/shop", headers=made["agent"]).status_code == 200
        assert_problem(client.put("/v1/answers/shop", json=NEW, headers=made["agent"]), 403)
        assert_problem(client.delete("/v1/answers/shop", headers=made["agent"]), 403)
        assert_problem(client.post("/v1/answers", content=b"{}", headers={**JSONL, **made["agent"]}), 403)
        assert_problem(client.get("/v1/answers", headers=made["figures"]), 403)
        assert_problem(client.get("/v1/answers"), 401)
        assert_problem(client.get("/v1/answers/shop", headers=made["other"]), 404)
        assert_problem(client.get("/v1/brands/one/answers/shop", headers=made["other"]), 403)
        assert client.put("/v1/answers/shop", json=NEW, headers=made["other"]).json()["version"] == 1


def test_without_the_store_nothing_is_saved_and_suggestions_go_on(suggester: Suggester, tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'store.db'}")
    with served(settings, Desk("default", suggester)) as app, TestClient(app) as client:
        client.delete("/v1/answers/delivery-je")
        for file in tmp_path.glob("store.db*"):
            file.write_bytes(b"no database" * 1_000)
        assert_problem(client.put("/v1/answers/shop", json=NEW), 503)
        assert_problem(client.get("/v1/answers"), 503)
        assert "delivery-je" not in suggested(client)
