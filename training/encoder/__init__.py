"""Build the folders that `repliek.encoder.OnnxEncoder` reads: the default encoder, or any other model.

`resolve_encoder` is the way in. torch, transformers and onnx are imported when something has to be built, not before.
"""

from training.encoder.store import (
    build_variants,
    cache_directory,
    resolve_encoder,
    resolve_views,
    sentence_transformers_directory,
)

__all__ = ["build_variants", "cache_directory", "resolve_encoder", "resolve_views", "sentence_transformers_directory"]
