"""A bot behind an endpoint that speaks OpenAI's protocol."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import openai

from chateval.bots._bot import Reply, Request, Watch, watch_nothing
from chateval.bots.openai._client import Clients
from chateval.bots.openai._complaints import FAULTS, TooManyRequestsError, complaint
from chateval.bots.openai._hearing import Heard, hear_pieces, reply_text
from chateval.bots.openai._key import ApiKey
from chateval.bots.openai._length import Lengths
from chateval.bots.openai._line import Line
from chateval.bots.openai._manner import Manner
from chateval.bots.openai._messages import Message, messages_of
from chateval.bots.openai._pace import Claim, Pace
from chateval.bots.openai._pictures import TOKENS as PICTURE_TOKENS
from chateval.bots.openai._pictures import PictureShelf
from chateval.bots.openai._usage import sum_of, usage_of
from chateval.config import OpenAIBot
from chateval.dialogue import Usage
from chateval.errors import BotError

logger = logging.getLogger(__name__)

_CHARACTERS_PER_TOKEN = 4
_REPLY_TOKENS = 100
"""About what a reply takes whose length is not limited, where a limit of tokens has to be kept."""


class EndpointBot:
    """Asks an endpoint for each reply, with the whole dialogue: the endpoint remembers nothing.

    One attempt is one request. The exceptions: where the endpoint says that it gets too many, all dialogues wait, in
    line, and ask again, which is no new attempt; and where it refuses a parameter that servers differ in, or a dialogue
    for its length, the request is made anew without the parameter, or without the oldest turns.
    """

    def __init__(  # noqa: PLR0913  (what it is made from, each given once)
        self,
        spec: OpenAIBot,
        key: ApiKey,
        *,
        pace: Pace,
        line: Line,
        shelf: PictureShelf | None,
        about: Mapping[str, str],
    ) -> None:
        self.name = spec.name
        self._spec = spec
        self._key = key
        self._pace = pace
        self._line = line
        self._shelf = shelf
        self._about = about
        self._clients = Clients(spec, key.value, pace.heed)
        self._manner = Manner(spec)
        self._lengths = Lengths(spec.name)
        self._spent: dict[str, Usage] = {}
        self._has_been_cut = False

    def identity(self) -> Mapping[str, str]:
        return self._about

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        patience = self._line.patience(self._spec.queue_seconds)
        while True:
            picture_url = await self._picture_url(request)
            turns = self._lengths.turns(request)
            messages = messages_of(turns, request.context, self._spec.system_prompt, picture_url)
            tokens = self._tokens_of(messages, has_picture=bool(picture_url))
            async with self._line.place(tokens, patience, watch) as claim:
                heard = Heard()
                try:
                    await self._ask(messages, heard, watch)
                    text = self._checked(heard)
                except FAULTS as error:
                    if self._manner.adapt(error, has_picture=bool(picture_url)):
                        continue
                    if self._lengths.shorten(request, error):
                        continue
                    failure = complaint(error, self._spec, self._key)
                    if not isinstance(failure, TooManyRequestsError):
                        raise failure from None
                    seconds = self._pace.pause(claim, failure.seconds)
                    logger.warning("%s All its dialogues wait for %.1f seconds.", failure, seconds)
                    continue
                finally:
                    self._note(request.dialogue_id, claim, heard)
                return Reply(text, self._spent.pop(request.dialogue_id, None))

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:  # noqa: ARG002  (the protocol's)
        self._spent.pop(dialogue_id, None)
        self._lengths.forget(dialogue_id)

    async def close(self) -> None:
        await self._clients.close()

    async def _picture_url(self, request: Request) -> str:
        picture = request.context.picture
        if picture is None or self._shelf is None or not self._manner.shows_pictures:
            return ""
        return await asyncio.to_thread(self._shelf.data_url, picture)

    async def _ask(self, messages: list[Message], heard: Heard, watch: Watch) -> None:
        client, headers = self._clients.here()
        arguments: dict[str, Any] = {**self._manner.parameters(), "messages": messages, "extra_headers": headers}
        said = await client.chat.completions.create(**arguments)
        if isinstance(said, openai.AsyncStream):
            async with said:
                await hear_pieces(self.name, heard, said, watch)
        else:
            heard.take(said, "message")

    def _checked(self, heard: Heard) -> str:
        text = reply_text(self.name, heard)
        if self._key.is_in(text):
            raise BotError(f"Bot {self.name!r} told the key of its endpoint. Do not let it know the key.")
        if heard.finish_reason == "length" and not self._has_been_cut:
            self._has_been_cut = True
            logger.warning("Bot %r was cut off in the middle of a reply: it reached its limit of tokens.", self.name)
        return text

    def _note(self, dialogue_id: str, claim: Claim, heard: Heard) -> None:
        """Count what was generated, whether or not it was of use."""
        usage = usage_of(heard.usage, self._spec)
        if heard.finish_reason:
            self._pace.settle(claim, usage.input_tokens + usage.output_tokens if usage else claim.tokens)
        if usage is not None:
            spent = sum_of(self._spent.get(dialogue_id), usage)
            if spent is not None:
                self._spent[dialogue_id] = spent

    def _tokens_of(self, messages: list[Message], *, has_picture: bool) -> int:
        """About how many tokens a request will take, its reply included."""
        options = self._spec.options
        limit: Any = options.get("max_completion_tokens", options.get("max_tokens", _REPLY_TOKENS))
        content = [message["content"] for message in messages]
        texts = [text if isinstance(text, str) else text[-1]["text"] for text in content]
        return sum(map(len, texts)) // _CHARACTERS_PER_TOKEN + int(limit) + PICTURE_TOKENS * has_picture
