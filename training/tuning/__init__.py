"""Fine-tune the encoder on a history, and use the result only where it does better on conversations it has not seen.

pairs.py says what is taught, trainer.py teaches it with sentence-transformers, trial.py decides.
"""
