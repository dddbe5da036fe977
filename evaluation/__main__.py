"""Run with `python -m evaluation`."""

from evaluation.cli import app
from repliek.terminal import run

run(app, "python -m evaluation")
