"""Build the folders that `repliek.encoder.OnnxEncoder` reads: the default encoder, or any sentence-transformers model.

`resolve_encoder` is the way in. torch, transformers and onnx are imported when something has to be built, not before.
"""

from training.encoder.store import cache_directory, resolve_encoder, sentence_transformers_directory

__all__ = ["cache_directory", "resolve_encoder", "sentence_transformers_directory"]
