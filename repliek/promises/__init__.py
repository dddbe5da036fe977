"""What an agent promised a customer, and by when."""

from repliek.promises.finding import MAX_CHARS, Promise, promises_in

__all__ = ["MAX_CHARS", "Promise", "promises_in"]
