"""Where a server answers, and with which key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from repliek.client.errors import Misconfigured

_TOKEN = re.compile(r"[\x21-\x7e]+")
_DOTS = re.compile(r"\.{1,2}")


@dataclass(frozen=True, slots=True)
class Address:
    """A server, and the brand that is asked about.

    Attributes:
        server: the server's root.
        brand: whose answers are asked for; the key's own when `None`.
        key: an API key; `None` where the server asks for none.

    Raises:
        Misconfigured: `server` is no address of a web server, or `brand` or `key` cannot be sent.
    """

    server: str
    brand: str | None = None
    key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        try:
            url = httpx.URL(self.server)
        except httpx.InvalidURL:
            url = httpx.URL()
        # Not quoted: somebody may have put a password in it.
        if url.scheme not in {"http", "https"} or not url.host or url.userinfo or url.query or url.fragment:
            raise Misconfigured("base_url: expected the address of a server alone, such as http://127.0.0.1:3000")
        if self.brand is not None and not self.brand.strip():
            raise Misconfigured("brand: expected a name, found nothing but white space; leave it out for the key's own")
        if self.key is not None and not _TOKEN.fullmatch(self.key):
            raise Misconfigured(
                "key: expected an API key, which has no white space around or in it and none but ASCII characters"
            )

    @property
    def headers(self) -> Mapping[str, str]:
        """What says who asks."""
        return {} if self.key is None else {"Authorization": f"Bearer {self.key}"}

    def of(self, path: str) -> str:
        """Return the address of `path`: from the server's root where it begins with a slash, else among the brand's."""
        if path.startswith("/"):
            return self._root + path
        brand = "" if self.brand is None else f"/brands/{segment(self.brand)}"
        return f"{self._root}/v1{brand}/{path}"

    @property
    def _root(self) -> str:
        return self.server.rstrip("/")


def segment(name: str) -> str:
    """Return a name as one segment of a path, whatever it holds."""
    # Dots alone would lead to the folder above; nothing but their being encoded keeps them.
    return name.replace(".", "%2E") if _DOTS.fullmatch(name) else quote(name, safe="")
