"""Mining: an answer bank out of a history that nobody labelled, and what reviewers decide about it."""

from training.mining.bank import Mined, mine

__all__ = ["Mined", "mine"]
