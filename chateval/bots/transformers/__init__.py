"""Bots that are checkpoints of the transformers library. Importing this package imports neither that nor torch."""

from chateval.bots.transformers._build import build_transformers_bot

__all__ = ["build_transformers_bot"]
