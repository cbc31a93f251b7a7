"""The bot that says the best of several candidates."""

import asyncio
import json
import logging
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from chateval.bots._bot import Bot, Reply, Request, Watch, watch_nothing
from chateval.bots._means import Means
from chateval.bots.rerank._candidates import Candidate, Gathering, summed_usage
from chateval.bots.rerank._rankers import Ranker, ranker_named
from chateval.config import RerankBot

logger = logging.getLogger(__name__)


def build_rerank_bot(spec: RerankBot, means: Means) -> "RankingBot":
    """A bot around those that were built before.

    Raises:
        BotError: its ranker cannot be loaded.
    """
    ranker = ranker_named(spec.name, spec.ranker)
    return RankingBot(spec, [means.built[name] for name in spec.bots], ranker, means.runtime.task_dir)


class RankingBot:
    """Says the candidate that its ranker holds to be best; of equals, the first."""

    def __init__(self, spec: RerankBot, bots: Sequence[Bot], ranker: Ranker, task_dir: Path) -> None:
        self.name = spec.name
        self._spec = spec
        self._bots = bots
        self._gathering = Gathering(spec.name, bots, spec.candidates, spec.wait_seconds)
        self._rank = ranker
        self._file = task_dir / spec.candidates_file if spec.candidates_file else None
        self._writing = threading.Lock()  # protects the file: a line is written whole
        self._told_alike: set[str] = set()

    def identity(self) -> Mapping[str, str]:
        own = {
            "kind": "rerank",
            "bots": ", ".join(self._spec.bots),
            "candidates": str(self._spec.candidates),
            "ranker": self._spec.ranker,
            "wait_seconds": f"{self._spec.wait_seconds:g}",
        }
        return own | {f"{bot.name}.{key}": value for bot in self._bots for key, value in bot.identity().items()}

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        candidates = await self._gathering.candidates(request, watch)
        self._notice_alike(candidates)
        texts = [candidate.reply.text for candidate in candidates]
        scores = await self._rank(request.context, request.turns, texts)
        best = max(range(len(scores)), key=scores.__getitem__)
        if self._file is not None:
            await self._write(self._file, _record(request, candidates, scores, best))
        return Reply(texts[best], summed_usage(candidates))

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:
        self._gathering.forget(dialogue_id, is_finished=is_finished)

    async def close(self) -> None:
        """Holds nothing: the bots that propose are closed by whoever holds them."""

    def _notice_alike(self, candidates: Sequence[Candidate]) -> None:
        for bot in self._spec.bots:
            texts = [candidate.reply.text for candidate in candidates if candidate.bot == bot]
            if len(texts) > 1 and len(set(texts)) == 1 and bot not in self._told_alike:
                self._told_alike.add(bot)
                logger.warning(
                    "Bot %r: all %d candidates of %r are the same, so there is nothing to choose among them. "
                    "Have it sample (do_sample, temperature), or ask it for one candidate.",
                    self.name,
                    len(texts),
                    bot,
                )

    async def _write(self, file: Path, record: Mapping[str, object]) -> None:
        line = json.dumps(record, ensure_ascii=False) + "\n"
        await asyncio.to_thread(self._append, file, line)

    def _append(self, file: Path, line: str) -> None:
        with self._writing:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8") as opened:
                opened.write(line)


def _record(request: Request, candidates: Sequence[Candidate], scores: Sequence[float], best: int) -> dict[str, object]:
    return {
        "dialogue_id": request.dialogue_id,
        "turn": len(request.turns),
        "said": best,
        "candidates": [
            {"bot": candidate.bot, "text": candidate.reply.text, "score": score}
            for candidate, score in zip(candidates, scores, strict=True)
        ],
    }
