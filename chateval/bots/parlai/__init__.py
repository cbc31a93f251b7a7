"""Bots that are ParlAI agents. Importing this package imports neither ParlAI nor torch."""

from chateval.bots.parlai._build import build_parlai_bot

__all__ = ["build_parlai_bot"]
