"""`python -m evaluation`."""

from __future__ import annotations

from evaluation.cli import main

if __name__ == "__main__":
    main()
