"""Who answers: the settings of a brand, from `brand.toml`."""

from __future__ import annotations

import tomllib
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass

from repliek.conversation import Channel
from repliek.errors import DataError
from repliek.needs import Need
from repliek.tone.channels import MAX_POSTS, SPLITTABLE
from repliek.tone.register import Register

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Word = Annotated[str, Field(pattern=r"^[^\WA-Z_][^A-Z_]*$")]
Said = Annotated[str, Field(min_length=1, max_length=60)]

MAX_MINUTES = 366 * 24 * 60
"""Longest reply or solution time: opening hours are walked through day by day."""

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class RegisterPolicy:
    """Je or u: one default, exceptions per channel, and whether the customer's own choice goes first."""

    default: Register = Register.JE
    mirror: bool = True
    channels: dict[Channel, Register] = Field(default_factory=dict[Channel, Register])

    def choose(self, channel: Channel, customer: Register | None) -> Register:
        """Return the register for an answer, given how the customer addresses the brand."""
        if self.mirror and customer in {Register.JE, Register.U}:
            return Register(customer)
        return self.channels.get(channel, self.default)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Signature:
    """How an answer is signed: initials on short channels, a closing in mail."""

    initials: bool = True
    closing: dict[str, str] = Field(default_factory=lambda: {"nl": "Met vriendelijke groet,", "en": "Kind regards,"})


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class ChannelPolicy:
    """What the brand does on one channel: over how many numbered posts a reply may be spread, 1 being never."""

    posts: Annotated[int, Field(ge=1, le=MAX_POSTS)] = 1


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class HandOver:
    """Where a conversation goes that cannot go on in public, or that a human must decide.

    `teams` names a key of the brand's teams for a need. `emergency` and `crisis` are public numbers: the Dutch
    emergency number, and 113 Zelfmoordpreventie (free of charge, day and night).
    """

    dm: str | None = None
    phone: str | None = None
    emergency: str = "112"
    crisis: str = "113 (0800-0113)"
    teams: dict[Need, str] = Field(default_factory=dict[Need, str])


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Team:
    """A team that questions can be routed to."""

    name: str
    address: str | None = None


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Hours:
    """Opening hours of one day, local time. Who closes at 00:00 is open until the end of the day."""

    opens: time
    closes: time

    @model_validator(mode="after")
    def _close_later_than_they_open(self) -> Self:
        if self.closes != time() and self.closes <= self.opens:
            raise ValueError(
                f"closes at {self.closes:%H:%M}, which is not later than {self.opens:%H:%M}; expected a later time of "
                "the same day, 00:00 for its end"
            )
        return self


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class ReplyTimes:
    """What the brand promises, in minutes, a year at most."""

    first_reply_minutes: int = Field(default=60, gt=0, le=MAX_MINUTES)
    solution_minutes: int = Field(default=24 * 60, gt=0, le=MAX_MINUTES)

    @property
    def first_reply(self) -> timedelta:
        return timedelta(minutes=self.first_reply_minutes)

    @property
    def solution(self) -> timedelta:
        return timedelta(minutes=self.solution_minutes)


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Brand:
    """All settings of a brand. Unknown settings are refused, so that a slip of the pen is seen.

    `opening_hours` are local time in `timezone`, an IANA name; without any, the brand is open round the clock.
    `products` names, by language, the words by which customers speak of a product, in lower case, and how it is said
    back with its article: `{"nl": {"modem": "de Wadbox"}}`.
    """

    name: str = "Repliek"
    language: Language = "nl"
    emoji: bool = False
    humour: bool = False
    register: RegisterPolicy = Field(default_factory=RegisterPolicy)
    signature: Signature = Field(default_factory=Signature)
    channels: dict[Channel, ChannelPolicy] = Field(default_factory=dict[Channel, ChannelPolicy])
    hand_over: HandOver = Field(default_factory=HandOver)
    teams: dict[str, Team] = Field(default_factory=dict[str, Team])
    opening_hours: dict[Weekday, Hours] = Field(default_factory=dict[Weekday, Hours])
    timezone: ZoneInfo = Field(default_factory=lambda: ZoneInfo("Europe/Amsterdam"))
    reply_times: ReplyTimes = Field(default_factory=ReplyTimes)
    slots: dict[str, str] = Field(default_factory=dict[str, str])
    products: dict[Language, dict[Word, Said]] = Field(default_factory=dict[Language, dict[Word, Said]])

    @property
    def facts(self) -> dict[str, str]:
        """What slots are filled with for every customer: the brand's own values, then its addresses."""
        addresses = {"service_phone": self.hand_over.phone, "dm_link": self.hand_over.dm}
        return {name: value for name, value in addresses.items() if value} | self.slots

    @model_validator(mode="after")
    def _hands_over_to_known_teams(self) -> Self:
        unknown = sorted(set(self.hand_over.teams.values()) - set(self.teams))
        if unknown:
            raise ValueError(
                f"hand_over.teams names {unknown[0]!r}, which is not in [teams]; known: {sorted(self.teams)}"
            )
        return self

    @model_validator(mode="after")
    def _spreads_what_can_be_spread(self) -> Self:
        whole = sorted(name for name, policy in self.channels.items() if policy.posts > 1 and name not in SPLITTABLE)
        if whole:
            raise ValueError(f"channels.{whole[0]}.posts: a reply goes out whole there; expected 1, or no such setting")
        return self

    @property
    def published(self) -> str:
        """The name, numbers and addresses that the brand itself gives to everybody, one a line."""
        teams = [team.address for team in self.teams.values()]
        return "\n".join(filter(None, (self.name, *self.facts.values(), *teams)))

    def posts_on(self, channel: Channel) -> int:
        """Return over how many posts a reply on `channel` may be spread."""
        return self.channels.get(channel, ChannelPolicy()).posts

    @classmethod
    def from_toml(cls, path: Path) -> Brand:
        """Read `brand.toml`.

        Raises:
            DataError: the file is missing, is not TOML, or holds a setting that is wrong or unknown.
        """
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DataError(f"{path}: no such file; expected the brand's settings in TOML") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise DataError(f"{path}: not TOML in UTF-8 ({error})") from None
        try:
            return TypeAdapter(cls).validate_python(settings)
        except ValidationError as error:
            problem = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in problem["loc"])
            raise DataError(f"{path}, {f'setting {where}' if where else 'settings'}: {problem['msg']}") from None
