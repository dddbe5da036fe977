"""What travels over HTTP: requests, checked as they are made, and responses. Server and client share it.

Dataclasses instead of `BaseModel`, because a field called `register` would hide a method of the latter.
Requests refuse fields that they do not know, so that a slip of the pen is seen. Responses ignore them, so that a
client reads what a newer server says. Nothing here loads the engine.
"""
