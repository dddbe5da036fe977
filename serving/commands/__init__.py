"""What `python -m serving` can do, one module for each kind of work."""
