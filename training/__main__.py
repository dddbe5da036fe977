"""Run with `python -m training`."""

from repliek.terminal import run
from training.cli import app

run(app, "python -m training")
