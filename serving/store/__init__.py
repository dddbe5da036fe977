"""What outlives a request: suggestions that were shown, what became of them, answers that were edited, keys.

`tables.py` says what is kept, `database.py` how it is reached. Every other module keeps one kind of thing.
"""
