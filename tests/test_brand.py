from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from repliek.brand import Brand, ChannelPolicy, RegisterPolicy
from repliek.conversation import Channel
from repliek.errors import DataError
from repliek.needs import Need
from repliek.tone.register import Register

FULL = """\
name = "Wadlijn"
language = "nl"
timezone = "Europe/Lisbon"
emoji = true

[register]
default = "u"
mirror = false
channels = { x = "je" }

[signature]
initials = true
closing = { nl = "Groeten," }

[channels.x]
posts = 3

[hand_over]
phone = "0800 1234"

[teams.billing]
name = "Facturen"

[opening_hours.monday]
opens = 08:00:00
closes = 21:00:00

[reply_times]
first_reply_minutes = 30

[slots]
shop = "de winkel"

[products.nl]
"vaste lijn" = "de vaste lijn"
"""


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_all_settings_are_read(tmp_path: Path) -> None:
    brand = Brand.from_toml(written(tmp_path / "brand.toml", FULL))
    assert brand.register == RegisterPolicy(default=Register.U, mirror=False, channels={Channel.X: Register.JE})
    assert brand.channels == {Channel.X: ChannelPolicy(posts=3)}
    assert (brand.posts_on(Channel.X), brand.posts_on(Channel.FACEBOOK)) == (3, 1)
    assert brand.teams["billing"].name == "Facturen"
    assert brand.opening_hours["monday"].closes == time(21)
    assert brand.timezone == ZoneInfo("Europe/Lisbon")
    assert (brand.reply_times.first_reply, brand.reply_times.solution) == (timedelta(minutes=30), timedelta(hours=24))
    assert brand.slots == {"shop": "de winkel"}
    assert brand.products == {"nl": {"vaste lijn": "de vaste lijn"}}


def test_a_brand_without_settings_has_defaults(tmp_path: Path) -> None:
    brand = Brand.from_toml(written(tmp_path / "brand.toml", ""))
    assert brand == Brand()
    assert brand.reply_times.first_reply == timedelta(hours=1)
    assert not brand.emoji


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('nmae = "Wadlijn"', r"setting nmae: Unexpected keyword argument"),
        ("[register]\nmirrors = true", r"setting register\.mirrors"),
        ('[register]\ndefault = "jij"', r"setting register\.default"),
        ('[register.channels]\ntelex = "je"', r"setting register\.channels\.telex"),
        ("[channels.x]\nposts = 10", r"setting channels\.x\.posts: Input should be less than or equal to 9"),
        ("[channels.x]\nsplit = true", r"setting channels\.x\.split: Unexpected keyword argument"),
        ("[channels.email]\nposts = 2", r"channels\.email\.posts: a reply goes out whole there; expected 1"),
        ("[reply_times]\nfirst_reply_minutes = 0", r"reply_times\.first_reply_minutes: Input should be greater than 0"),
        ("[reply_times]\nsolution_minutes = 527041", r"reply_times\.solution_minutes: .* less than or equal to 527040"),
        ('timezone = "Europe/Hoorn"', r"setting timezone: invalid timezone: Europe/Hoorn"),
        (
            "[opening_hours]\nmonday = { opens = 21:00:00, closes = 08:00:00 }",
            r"opening_hours\.monday: .*closes at 08:00, which is not later than 21:00; expected a later time",
        ),
        ("name = Wadlijn", r"not TOML"),
        (b'name = "Caf\xe9"', r"not TOML in UTF-8"),
    ],
)
def test_a_slip_of_the_pen_is_named(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        Brand.from_toml(written(tmp_path / "brand.toml", content))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"brand\.toml: no such file"):
        Brand.from_toml(tmp_path / "brand.toml")


def test_each_need_may_have_a_team_that_exists(tmp_path: Path) -> None:
    file = tmp_path / "brand.toml"
    teams = '[hand_over.teams]\nlegal_threat = "complaints"\n'
    file.write_text(f'{teams}[teams.complaints]\nname = "Klachten"\n', encoding="utf-8")
    assert Brand.from_toml(file).hand_over.teams == {Need.LEGAL_THREAT: "complaints"}
    file.write_text(f'{teams}[teams.billing]\nname = "Facturen"\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"hand_over.teams names 'complaints', .*known: \['billing'\]"):
        Brand.from_toml(file)
    file.write_text(teams.replace("legal_threat", "boredom"), encoding="utf-8")
    with pytest.raises(DataError, match=r"setting hand_over\.teams\.boredom"):
        Brand.from_toml(file)


@pytest.mark.parametrize(
    ("channel", "customer", "mirror", "chosen"),
    [
        (Channel.CHAT, None, True, Register.JE),
        (Channel.CHAT, Register.NEUTRAL, True, Register.JE),
        (Channel.CHAT, Register.U, True, Register.U),
        (Channel.EMAIL, None, True, Register.U),
        (Channel.EMAIL, Register.NEUTRAL, True, Register.U),
        (Channel.EMAIL, Register.JE, True, Register.JE),
        (Channel.EMAIL, Register.JE, False, Register.U),
        (Channel.CHAT, Register.U, False, Register.JE),
    ],
)
def test_the_customers_register_then_the_channels_then_the_brands(
    channel: Channel, customer: Register | None, mirror: bool, chosen: Register
) -> None:
    policy = RegisterPolicy(default=Register.JE, mirror=mirror, channels={Channel.EMAIL: Register.U})
    assert policy.choose(channel, customer) is chosen
