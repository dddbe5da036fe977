"""What fits on which channel: lengths as the channel counts them, numbered posts, and a script for the phone."""

from repliek.tone.channels.formats import FORMATS, Format, Length, Shape, measure, missed_window
from repliek.tone.channels.posts import MAX_POSTS, SPLITTABLE, split
from repliek.tone.channels.script import as_script
from repliek.tone.channels.sentences import ends_sentence

__all__ = [
    "FORMATS",
    "MAX_POSTS",
    "SPLITTABLE",
    "Format",
    "Length",
    "Shape",
    "as_script",
    "ends_sentence",
    "measure",
    "missed_window",
    "split",
]
