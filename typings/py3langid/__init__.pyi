"""What Repliek uses of py3langid, which ships no types, stands in `langid.pyi`."""
