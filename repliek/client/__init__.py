"""Asks a Repliek server, from Python: typed, and the same with and without asyncio.

    with Repliek("http://127.0.0.1:3000", key="...") as repliek:
        found = repliek.suggest("Waar blijft mijn pakket?", channel=Channel.X)

`docs/client.md` tells the rest. What is asked and answered are the dataclasses of `repliek.wire`;
`repliek.client.errors` draws what may be raised. The engine is not loaded.
"""

try:
    from repliek.client.clients import AsyncRepliek, Repliek
    from repliek.client.errors import ClientError
except ModuleNotFoundError as error:
    if error.name not in {"httpx", "tenacity"}:
        raise
    raise ImportError(f"repliek.client needs {error.name}; install it with `pip install 'repliek[client]'`") from error

__all__ = ["AsyncRepliek", "ClientError", "Repliek"]
