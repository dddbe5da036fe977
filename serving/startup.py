"""What is looked at before a server starts."""

from __future__ import annotations

import errno
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from repliek.bundle import Manifest, read_manifest, verify
from repliek.errors import BundleError, RepliekError
from serving.helpdesks.settings import Helpdesks
from serving.settings import Settings
from serving.store import keys
from serving.store.database import opened


class StartError(RepliekError):
    """The server cannot start as it was asked to."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found before the start.

    Attributes:
        manifests: of the bundles, by brand.
        database: the store, named without its password.
        good_keys: how many API keys let somebody in.
        is_open: whether nobody needs a key.
        helpdesks: that are connected.
    """

    manifests: Mapping[str, Manifest]
    database: str
    good_keys: int
    is_open: bool
    helpdesks: Helpdesks


def check(settings: Settings) -> Checked:
    """Look at everything that a server needs, and make the store ready.

    Raises:
        BundleError: a bundle is missing or damaged.
        StoreError: the database cannot be reached, written or migrated.
        DataError: the file with the helpdesks cannot be used.
        StartError: a helpdesk is for a brand that is not served; or others could reach the server, and no key keeps
            them out.
    """
    manifests = {brand: check_bundle(folder) for brand, folder in settings.bundles.items()}
    helpdesks = check_helpdesks(settings.helpdesks, settings.bundles) if settings.helpdesks else Helpdesks()
    with opened(settings.database_url) as (database, _), database.reading() as session:
        found = [key for key, _ in keys.every(session)]
    good = sum(key.is_good(datetime.now(UTC)) for key in found)
    if not settings.is_loopback and not good:
        raise StartError(
            f"{settings.host} can be reached from other machines, and no API key keeps anybody out; make one with "
            "`python -m serving keys create`, or listen on 127.0.0.1"
        )
    return Checked(manifests, database.name, good_keys=good, is_open=not found, helpdesks=helpdesks)


def check_bundle(path: Path) -> Manifest:
    """Return the manifest of the bundle in folder `path`, after comparing every file with it.

    Raises:
        BundleError: there is no bundle, or it is damaged.
    """
    if not path.is_dir():
        raise BundleError(f"there is no bundle at {path}; `make run` or `python -m training fit` makes one")
    manifest = read_manifest(path)
    verify(path, manifest)
    return manifest


def check_helpdesks(file: Path, brands: Collection[str]) -> Helpdesks:
    """Return the helpdesks that a file connects to some of these brands.

    Raises:
        DataError: the file cannot be used; names the setting.
        StartError: a helpdesk is for a brand that is not served.
    """
    found = Helpdesks.from_toml(file)
    for source in found.sources:
        if source.brand not in brands:
            raise StartError(
                f"{file}, {source.helpdesk}: no brand {source.brand!r} is served, only {', '.join(brands)}; correct "
                "`brand`, or name its bundle in REPLIEK_BRANDS"
            )
    return found


def check_address(host: str, port: int) -> None:
    """See whether the server may listen there.

    Raises:
        StartError: the port is taken, or the address is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            found = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise StartError(f"{host} port {port} {found}; choose another with --host or --port") from None
