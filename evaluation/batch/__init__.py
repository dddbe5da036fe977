"""Suggestions for millions of messages: a file in, a file out, in constant memory, and resumable at any moment."""
