"""What is looked at before a server starts."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

from repliek.bundle import Manifest, read_manifest, verify
from repliek.errors import BundleError, RepliekError


class StartError(RepliekError):
    """The server cannot start as it was asked to."""


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
