"""The commands that look after what a server has stored; each imports what it needs when it runs."""
