"""Repliek over HTTP: a BentoML service around the engine.

`app.py` holds the routes, `service.py` what BentoML serves, `__main__.py` the commands.
"""

try:
    import bentoml  # noqa: F401
    import fastapi  # noqa: F401
except ImportError as error:
    raise ImportError(f"serving needs {error.name}; install it with `pip install '.[serving]'`") from error
