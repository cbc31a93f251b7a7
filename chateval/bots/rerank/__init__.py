"""Bots that have others propose candidates, and say the best of them."""

from chateval.bots.rerank._bot import RankingBot, build_rerank_bot

__all__ = ["RankingBot", "build_rerank_bot"]
