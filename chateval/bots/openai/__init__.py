"""Bots behind endpoints that speak OpenAI's protocol, through the official client, which the factory imports."""

from chateval.bots.openai._build import build_openai_bot

__all__ = ["build_openai_bot"]
