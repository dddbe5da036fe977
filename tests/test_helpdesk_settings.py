"""`helpdesks.toml`: what is read, and what is refused without showing a secret."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from repliek.conversation import Channel
from repliek.errors import DataError
from serving.helpdesks.adapter import Answer, Helpdesk
from serving.helpdesks.settings import Helpdesks, Source

SECRET = "zonnebloemolie-zonnebloemolie"
TOKEN = "pindakaas-pindakaas"
ENVIRONMENT = {"ZENDESK_SECRET": SECRET, "ZENDESK_TOKEN": TOKEN, "EMPTY": ""}

ZENDESK = f"""
[[source]]
helpdesk = "zendesk"
secrets = ["{SECRET}"]
url = "https://wadlijn.zendesk.com/"
user = "bot@wadlijn.example"
token = "{TOKEN}"
"""


def read(tmp_path: Path, text: str) -> Helpdesks:
    file = tmp_path / "helpdesks.toml"
    file.write_text(text, encoding="utf-8")
    return Helpdesks.from_toml(file, ENVIRONMENT)


def source(tmp_path: Path, text: str) -> Source:
    (found,) = read(tmp_path, text).sources
    return found


def test_a_source_is_read(tmp_path: Path) -> None:
    found = source(tmp_path, ZENDESK)
    assert (found.helpdesk, found.brand, found.answer) == (Helpdesk.ZENDESK, "default", Answer.NOTE)
    assert [one.get_secret_value() for one in found.secrets] == [SECRET]
    assert found.account is not None
    assert (found.account.url, found.account.user) == ("https://wadlijn.zendesk.com", "bot@wadlijn.example")
    assert found.account.token.get_secret_value() == TOKEN


def test_values_may_stand_in_the_environment(tmp_path: Path) -> None:
    text = ZENDESK.replace(SECRET, "env:ZENDESK_SECRET").replace(TOKEN, "env:ZENDESK_TOKEN")
    assert source(tmp_path, text) == source(tmp_path, ZENDESK)


def test_nothing_shows_a_secret(tmp_path: Path) -> None:
    found = read(tmp_path, ZENDESK)
    assert SECRET not in repr(found) + str(found)
    assert TOKEN not in repr(found) + repr(found.sources[0].account)


def test_channels_are_mapped_in_the_helpdesks_own_words(tmp_path: Path) -> None:
    text = ZENDESK + '[source.channels]\n"Channel::Api" = "review"\n"twitter status" = "x"\n'
    assert source(tmp_path, text).channels == {"channel_api": Channel.REVIEW, "twitter_status": Channel.X}


def test_each_brand_finds_its_own(tmp_path: Path) -> None:
    other = ZENDESK.replace('"zendesk"', '"zendesk"\nbrand = "other"').replace("wadlijn.z", "other.z")
    found = read(tmp_path, ZENDESK + other)
    ours, theirs = found.find(Helpdesk.ZENDESK, "default"), found.find(Helpdesk.ZENDESK, "other")
    assert ours is not None
    assert theirs is not None
    assert (ours.url, theirs.url) == ("https://wadlijn.zendesk.com", "https://other.zendesk.com")
    assert found.find(Helpdesk.ZENDESK, "third") is None
    assert found.find(Helpdesk.ZAMMAD, "default") is None


def test_intercom_has_one_address_and_standard_needs_none(tmp_path: Path) -> None:
    intercom = f'[[source]]\nhelpdesk = "intercom"\nsecrets = ["{SECRET}"]\nuser = "1"\ntoken = "t"\n'
    standard = '[[source]]\nhelpdesk = "standard"\nsecrets = ["whsec_em9ubmVibG9lbW9saWU="]\n'
    first, second = read(tmp_path, intercom + standard).sources
    assert first.account is not None
    assert first.account.url == "https://api.intercom.io"
    assert second.account is None


def test_a_self_hosted_helpdesk_may_be_called_without_tls(tmp_path: Path) -> None:
    text = f'[[source]]\nhelpdesk = "zammad"\nsecrets = ["{SECRET}"]\nurl = "http://zammad:3000"\ntoken = "t"\n'
    assert source(tmp_path, text + 'answer = "draft"\n').answer is Answer.DRAFT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            ZENDESK.replace("wadlijn.zendesk.com/", "wadlijn.zendesk.com/?x=1"),
            "source 1 (zendesk), url: .*without user",
        ),
        (ZENDESK.replace("https://wadlijn", "https://u:p@wadlijn"), "source 1 (zendesk), url: .*without user"),
        (ZENDESK.replace("https:", "ftp:"), "source 1 (zendesk), url: expected an address"),
        (ZENDESK.replace("https:", "http:"), "source 1 (zendesk): url: expected https"),
        (ZENDESK.replace("url", "adres"), "source 1 (zendesk), adres: unknown setting"),
        (ZENDESK.replace(SECRET, "env:MISSING"), "source 1 (zendesk), secrets.0: .*MISSING is not set"),
        (ZENDESK.replace(TOKEN, "env:EMPTY"), "source 1 (zendesk), token: .*EMPTY is not set, or empty"),
        (ZENDESK.replace(SECRET, "kort"), "source 1 (zendesk), secrets.0: expected at least 16 characters"),
        (ZENDESK.replace(f'["{SECRET}"]', "[]"), "source 1 (zendesk), secrets: "),
        (ZENDESK.replace(f'["{SECRET}"]', f'"{SECRET}"'), "source 1 (zendesk), secrets: "),
        (ZENDESK.replace(f'"{TOKEN}"', "5"), "source 1 (zendesk), token: "),
        (ZENDESK.replace(f'token = "{TOKEN}"', ""), "source 1 (zendesk): token: expected"),
        (ZENDESK.replace("url = ", "# "), "source 1 (zendesk): url: expected"),
        (ZENDESK.replace('"zendesk"', '"zonnebloemolie"'), "source 1, helpdesk: "),
        (ZENDESK.replace('helpdesk = "zendesk"', ""), "source 1, helpdesk: expected, but not given"),
        (ZENDESK + 'answer = "draft"\n', "source 1 (zendesk): answer: expected note"),
        (ZENDESK + 'answer = "reply"\n', "source 1 (zendesk), answer: "),
        (ZENDESK + 'brand = "../x"\n', "source 1 (zendesk), brand: "),
        (ZENDESK + '[source.channels]\nmail = "post"\n', "source 1 (zendesk), channels.mail: "),
        (ZENDESK + ZENDESK, "source 2 (zendesk), brand: 'default' has this helpdesk already"),
        (
            ZENDESK.replace('"zendesk"', '"intercom"').replace("user", "# "),
            "source 1 (intercom): user: expected the id",
        ),
        (ZENDESK.replace('"zendesk"', '"standard"'), "source 1 (standard): secrets.0: expected whsec_"),
        (
            ZENDESK.replace('"zendesk"', '"standard"').replace(SECRET, "whsec_em9ubmVibG9lbW9saWU="),
            "source 1 (standard): url, token and user: none",
        ),
        (f'source = []\nsecret = "{SECRET}"', "secret: unknown setting"),
        (f'secret = "{SECRET}"', "source: expected, but not given"),
        ("source = 5", "source: "),
        ("[[source]]\n[[source", "not TOML (at end of document)"),
        ("[[source]]\nurl = x", "not TOML (at line 2, column 7)"),
        ("source = [5]", "source 1: "),
        (f'"{SECRET}', "not TOML"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_shown(tmp_path: Path, text: str, said: str) -> None:
    escaped = said.replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(DataError, match=rf"helpdesks\.toml.*{escaped}") as error:
        read(tmp_path, text)
    shown = "".join(traceback.format_exception(error.value, chain=True))
    assert SECRET not in str(error.value)
    assert TOKEN not in str(error.value)
    assert "zonnebloemolie" not in shown.split("helpdesks.toml")[-1]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        Helpdesks.from_toml(tmp_path / "helpdesks.toml", {})
    (tmp_path / "helpdesks.toml").write_bytes(b"\xff")
    with pytest.raises(DataError, match="UTF-8"):
        Helpdesks.from_toml(tmp_path / "helpdesks.toml", {})
    with pytest.raises(DataError, match="cannot be read"):
        Helpdesks.from_toml(tmp_path, {})
