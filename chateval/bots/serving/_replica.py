"""One of the processes that hold a bot."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

from chateval.bots._bot import Progress, Request
from chateval.bots._build import build_bots
from chateval.bots.serving._pictures import PictureFolder
from chateval.bots.serving._protocol import Asked, Line, Said
from chateval.config import BotRuntime, BotSpec
from chateval.errors import BotError, ChatevalError, HopelessBotError

MAX_DIALOGUES = 2_000
"""How many dialogues a replica keeps something for; the one that has rested longest is forgotten."""
TEXT_SECONDS = 0.05
"""The least time between two lines of text: people read no faster, and each line costs two processes some work."""


@dataclass(frozen=True)
class Hosted:
    """A bot that is to be hosted: with its name, its definition and those of the bots that it is made of."""

    name: str
    specs: tuple[BotSpec, ...]
    runtime: BotRuntime


class BotReplica:
    """Builds a bot, and answers with it, for many dialogues at once; the bot's own queue makes batches of them.

    Raises:
        LoadingError: the bot cannot be built.
    """

    def __init__(self, hosted: Hosted) -> None:
        self._pictures = PictureFolder()
        self._dialogues: OrderedDict[str, None] = OrderedDict()
        runtime = replace(hosted.runtime, pictures_dir=self._pictures.path)
        try:
            self._bots = build_bots(hosted.specs, runtime)
        except ChatevalError as error:
            self._pictures.close()
            raise LoadingError(str(error)) from None
        self._bot = self._bots[hosted.name]

    async def describe(self) -> Mapping[str, str]:
        return dict(self._bot.identity())

    async def reply(self, asked: Asked) -> AsyncIterator[bytes]:
        """Lines, as `Line` has them, the last with the reply or an error; giving up the iteration ends the work."""
        self._remember(asked.dialogue_id)
        feed = _Feed()
        work = asyncio.create_task(self._work(asked, feed))
        work.add_done_callback(lambda _: feed.news.set())
        try:
            while not work.done():
                await feed.news.wait()
                for line in feed.take():
                    yield line.encoded()
                if not work.done():
                    await asyncio.wait({work}, timeout=TEXT_SECONDS)
            yield work.result().encoded()
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def forget(self, dialogue_id: str, is_finished: bool) -> None:
        self._dialogues.pop(dialogue_id, None)
        self._bot.forget(dialogue_id, is_finished=is_finished)

    async def close(self) -> None:
        for bot in self._bots.values():
            await bot.close()
        self._pictures.close()

    async def _work(self, asked: Asked, feed: "_Feed") -> Line:
        try:
            with self._pictures.shown(asked) as context:
                reply = await self._bot.reply(Request(asked.dialogue_id, asked.turns, context), feed.watch)
        except BotError as error:
            return Line(error=str(error), is_hopeless=isinstance(error, HopelessBotError))
        except Exception as error:  # noqa: BLE001  (a bot is foreign code, which may raise anything)
            return Line(error=f"Bot {self._bot.name!r} broke: {type(error).__name__}: {error}")
        return Line(reply=Said.of(reply))

    def _remember(self, dialogue_id: str) -> None:
        self._dialogues[dialogue_id] = None
        self._dialogues.move_to_end(dialogue_id)
        while len(self._dialogues) > MAX_DIALOGUES:
            self._bot.forget(self._dialogues.popitem(last=False)[0])


class DeployedReplica(BotReplica):
    """A replica as Serve ends it."""

    async def __del__(self) -> None:
        if hasattr(self, "_bot"):
            await self.close()


class LoadingError(Exception):
    """A bot cannot be built; the text between the two marks is what the researcher should read.

    Serve hands errors of constructors on as the text of a traceback.
    """

    OPENING, CLOSING = "<<<chateval:", ":chateval>>>"

    def __init__(self, text: str) -> None:
        super().__init__(f"{self.OPENING}{text}{self.CLOSING}")

    @classmethod
    def text_in(cls, traceback: str) -> str:
        """The text, or nothing where it is not about such an error."""
        _, _, rest = traceback.rpartition(cls.OPENING)
        text, closing, _ = rest.partition(cls.CLOSING)
        return text if closing else ""


class _Feed:
    """What a bot tells while it works, until somebody takes it; of texts only the latest is of interest."""

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self._lines: list[Line] = []

    def watch(self, progress: Progress, text: str) -> None:
        line = Line(text=text) if text else Line(progress=progress)
        if text and self._lines and self._lines[-1].text:
            self._lines[-1] = line
        elif not self._lines or self._lines[-1] != line:
            self._lines.append(line)
        self.news.set()

    def take(self) -> list[Line]:
        self.news.clear()
        lines, self._lines = self._lines, []
        return lines
