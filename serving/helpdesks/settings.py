"""Which helpdesks are connected: `helpdesks.toml`, whose secrets may stand in environment variables."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.dataclasses import dataclass

from repliek.conversation import Channel
from repliek.errors import DataError
from serving.helpdesks.adapter import Account, Answer, Helpdesk
from serving.helpdesks.channels import plain
from serving.helpdesks.proof import standard_key
from serving.settings import DEFAULT_BRAND, BrandName

MIN_SECRET_CHARS = 16
"""Shorter ones can be guessed; what helpdesks make themselves is longer."""

FROM_ENVIRONMENT = "env:"
INTERCOM_URL = "https://api.intercom.io"

_SELF_HOSTED = frozenset({Helpdesk.CHATWOOT, Helpdesk.ZAMMAD})
"""Those that may stand on the same machine or network, and be called without TLS."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_TOML_PLACE = re.compile(r"\(at [a-z0-9, ]+\)")
_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


def _from_environment(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str) or not value.startswith(FROM_ENVIRONMENT):
        return value
    name = value.removeprefix(FROM_ENVIRONMENT)
    environment: Mapping[str, str] = info.context or {}
    found = environment.get(name)
    if not found:
        raise ValueError(f"the environment variable {name} is not set, or empty")
    return found


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < MIN_SECRET_CHARS:
        raise ValueError(f"expected at least {MIN_SECRET_CHARS} characters; `openssl rand -hex 32` makes a good one")
    return secret


def _is_an_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("expected an address such as https://example.zendesk.com")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("expected an address without user, query and fragment; the token has a setting of its own")
    return value.rstrip("/")


def _plain_keys(channels: dict[str, Channel]) -> dict[str, Channel]:
    return {plain(word): channel for word, channel in channels.items()}


Secret = Annotated[SecretStr, AfterValidator(_long_enough), BeforeValidator(_from_environment)]
Token = Annotated[SecretStr, Field(min_length=1), BeforeValidator(_from_environment)]
Url = Annotated[str, AfterValidator(_is_an_address), BeforeValidator(_from_environment)]
User = Annotated[str, StringConstraints(min_length=1, max_length=200), BeforeValidator(_from_environment)]


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class Source:
    """One helpdesk of one brand.

    Attributes:
        helpdesk: which one.
        brand: whose answers are suggested.
        secrets: that prove its webhooks; several while one is rotated.
        url: of the helpdesk, to answer back.
        token: of the helpdesk's API.
        user: whom the token belongs to: of Zendesk the agent's address, of Intercom the admin's id.
        answer: as a private note, or (Zammad) the best suggestion as a shared draft.
        channels: Repliek's channel by the helpdesk's own word, where ours does not fit.
    """

    helpdesk: Helpdesk
    brand: BrandName = DEFAULT_BRAND
    secrets: Annotated[tuple[Secret, ...], Field(min_length=1)]
    url: Url | None = None
    token: Token | None = None
    user: User | None = None
    answer: Answer = Answer.NOTE
    channels: Annotated[dict[str, Channel], AfterValidator(_plain_keys)] = Field(default_factory=dict[str, Channel])

    @property
    def account(self) -> Account | None:
        """With what the helpdesk is called; `None` where it reads the response instead."""
        if self.token is None:
            return None
        return Account(url=self.url or INTERCOM_URL, token=self.token, user=self.user, answer=self.answer)

    @model_validator(mode="after")
    def _can_prove_itself(self) -> Self:
        if self.helpdesk is Helpdesk.STANDARD:
            for place, secret in enumerate(self.secrets):
                try:
                    standard_key(secret)
                except ValueError as error:
                    raise ValueError(f"secrets.{place}: {error}") from None
        return self

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        if self.helpdesk is Helpdesk.STANDARD:
            if self.url or self.token or self.user:
                raise ValueError("url, token and user: none for standard, which reads the response")
            return self
        if self.token is None:
            raise ValueError("token: expected, to write notes with")
        if self.url is None and self.helpdesk is not Helpdesk.INTERCOM:
            raise ValueError("url: expected, to write notes to")
        if self.user is None and self.helpdesk is Helpdesk.INTERCOM:
            raise ValueError("user: expected the id of the admin in whose name notes are written")
        return self

    @model_validator(mode="after")
    def _keeps_its_token_to_itself(self) -> Self:
        if self.url is None or self.helpdesk in _SELF_HOSTED or self.url.startswith("https:"):
            return self
        if urlsplit(self.url).hostname not in _LOOPBACK:
            raise ValueError("url: expected https, or anybody on the way can read the token")
        return self

    @model_validator(mode="after")
    def _knows_drafts(self) -> Self:
        if self.answer is Answer.DRAFT and self.helpdesk is not Helpdesk.ZAMMAD:
            raise ValueError(f"answer: expected note; {self.helpdesk} takes no drafts")
        return self


@dataclass(frozen=True, kw_only=True, config=_STRICT)
class _File:
    source: list[Source]


_FILE = TypeAdapter(_File)


@dataclass(frozen=True)
class Helpdesks:
    """The helpdesks that are connected, each brand's own."""

    sources: tuple[Source, ...] = ()

    def find(self, helpdesk: Helpdesk, brand: str) -> Source | None:
        """Return a brand's helpdesk, `None` where it is not connected."""
        return next((one for one in self.sources if (one.helpdesk, one.brand) == (helpdesk, brand)), None)

    @classmethod
    def from_toml(cls, path: Path, environment: Mapping[str, str] = os.environ) -> Helpdesks:
        """Read `helpdesks.toml`; values that begin with `env:` are those of `environment`.

        Raises:
            DataError: the file is missing, is no TOML, or holds a setting that is wrong or unknown; names file, source
                and setting, and shows no secret.
        """
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DataError(f"{path}: no such file; expected the connected helpdesks in TOML") from None
        except tomllib.TOMLDecodeError as error:
            # Only where it is: the rest of the message may quote what stands there.
            place = _TOML_PLACE.search(str(error))
            raise DataError(f"{path}: not TOML{f' {place[0]}' if place else ''}; see docs/helpdesks") from None
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path}: cannot be read as text in UTF-8 ({type(error).__name__})") from None
        try:
            sources = _FILE.validate_python(settings, context=environment).source
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            raise DataError(f"{path}, {_place(problem['loc'], settings)}: {_reason(problem)}") from None
        _require_one_each(path, sources)
        return cls(tuple(sources))


def _require_one_each(path: Path, sources: Sequence[Source]) -> None:
    seen: set[tuple[Helpdesk, str]] = set()
    for number, source in enumerate(sources, start=1):
        key = (source.helpdesk, source.brand)
        if key in seen:
            raise DataError(
                f"{path}, source {number} ({source.helpdesk}), brand: {source.brand!r} has this helpdesk already; "
                "put both secrets in one source, or give the other a brand of its own"
            )
        seen.add(key)


def _place(location: tuple[int | str, ...], settings: Mapping[str, Any]) -> str:
    """Name a setting by its source, counted from 1 as a reader counts, and its own name."""
    match location:
        case ("source", int(place), *rest):
            known = next((f" ({one})" for one in Helpdesk if _names(settings["source"][place], one)), "")
            return ", ".join([f"source {place + 1}{known}", *([".".join(map(str, rest))] if rest else [])])
        case _:
            return ".".join(map(str, location)) or "settings"


def _names(source: Any, helpdesk: Helpdesk) -> bool:
    return isinstance(source, Mapping) and ("helpdesk", helpdesk) in source.items()


def _reason(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    if problem["type"] in {"missing", "missing_argument", "missing_keyword_only_argument"}:
        return "expected, but not given"
    if problem["type"] == "unexpected_keyword_argument":
        return "unknown setting"
    return str(problem["msg"])
