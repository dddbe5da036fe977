"""What a comparison of two bundles found: the report of the gate."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from rich.table import Table


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Frozen):
    """A figure of both bundles on the same messages.

    Attributes:
        name: what it is.
        champion, challenger: its value for each.
        difference: challenger less champion; above 0 the challenger is the better one.
        interval: lowest and highest of the 95 % interval of the difference.
    """

    name: str
    champion: float
    challenger: float
    difference: float
    interval: tuple[float, float]


class SliceChange(_Frozen):
    """The figure that decides, over the `n` messages of a slice."""

    by: str
    value: str
    n: int
    change: Change


class Comparison(_Frozen):
    """Two bundles on the same messages, and what follows from it.

    Attributes:
        champion, challenger: names of the bundles.
        history: the file, as the user named it.
        promoted: whether the gate lets the challenger through.
        verdict: what the figure that decides says.
        reasons: all that was weighed, in sentences.
        margin: by how much it may fall.
        n: messages that were judged.
        conversations: how many conversations they belong to; whole ones are drawn for the intervals.
        learned_from: messages left out because one of the bundles has learned from them.
        untold: messages left out because nobody can tell what is right for them.
        rejected: lines of the file that could not be used.
        seed: of everything that is drawn.
        deciding: the figure that decides.
        guards: figures that may not fall by more than the margin.
        slices: the figure that decides, in each slice of 50 messages or more.
    """

    champion: str
    challenger: str
    history: str
    promoted: bool
    verdict: str
    reasons: tuple[str, ...]
    margin: float
    n: int
    conversations: int
    learned_from: int
    untold: int
    rejected: int
    seed: int
    deciding: Change
    guards: tuple[Change, ...]
    slices: tuple[SliceChange, ...]

    def as_json(self) -> str:
        """Return the text of `comparison.json`."""
        return self.model_dump_json(indent=2) + "\n"

    def table(self) -> Table:
        """Return the changes as a table for a terminal."""
        table = Table(box=None, header_style="dim", pad_edge=False)
        table.add_column("")
        for heading in ("n", "champion", "challenger", "difference", "95 % interval"):
            table.add_column(heading, justify="right", no_wrap=True)
        rows = [(change.name, self.n, change) for change in (self.deciding, *self.guards)]
        rows += [(f"  {part.by}: {part.value}", part.n, part.change) for part in self.slices]
        for label, n, change in rows:
            style = "red" if change.difference < -self.margin else None
            values = (f"{change.champion:.3f}", f"{change.challenger:.3f}", f"{change.difference:+.3f}")
            low, high = change.interval
            table.add_row(label, f"{n:,}", *values, f"{low:+.3f} to {high:+.3f}", style=style)
        return table
