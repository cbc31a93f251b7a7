"""Replies that join those which are being generated already."""

import asyncio
import logging
import threading
from collections.abc import Mapping
from dataclasses import fields
from typing import Any
from uuid import uuid4

from transformers.generation.configuration_utils import ContinuousBatchingConfig

from chateval.bots._bot import Progress, Reply, Request, Watch, watch_nothing
from chateval.bots._means import Means
from chateval.bots._usable import usable_reply
from chateval.bots.transformers._checkpoint import Checkpoint
from chateval.bots.transformers._generation import end_tokens
from chateval.bots.transformers._prompts import CutNotices, Prompt, Prompter
from chateval.bots.transformers._rows import Ending
from chateval.config import TransformersBot
from chateval.dialogue import Usage
from chateval.errors import BotError

IGNORED = {
    "min_new_tokens": 0,
    "exponential_decay_length_penalty": None,
    "begin_suppress_tokens": None,
    "bad_words_ids": None,
    "forced_bos_token_id": None,
    "forced_eos_token_id": None,
    "no_repeat_ngram_size": 0,
    "encoder_no_repeat_ngram_size": 0,
    "encoder_repetition_penalty": 1.0,
    "repetition_penalty": 1.0,
}
"""What depends on the prompt, or on where the reply begins. The engine passes over it without a word, unless it
has the value here, which changes nothing."""

ROW_BY_ROW = {
    "EpsilonLogitsWarper",
    "EtaLogitsWarper",
    "InfNanRemoveLogitsProcessor",
    "LogitNormalization",
    "MinPLogitsWarper",
    "SuppressTokensLogitsProcessor",
    "TypicalLogitsWarper",
}
"""What looks at scores alone. The rest, if the engine does not say that it knows it, looks at tokens, which are not
there in a row for each reply."""


class ContinuousBot:
    """A model, loaded once, that answers the dialogues of a run by transformers' engine for continuous batching.

    Raises:
        BotError: the engine cannot do what the spec asks for.
    """

    def __init__(
        self, spec: TransformersBot, checkpoint: Checkpoint, means: Means, identity: Mapping[str, str]
    ) -> None:
        _refuse(spec, checkpoint)
        self.name = spec.name
        config = checkpoint.generation
        self._checkpoint = checkpoint
        self._prompter = Prompter(spec, checkpoint, means.runtime.pictures_dir)
        self._cuts = CutNotices(spec.name)
        self._turnstile = means.turnstile
        self._ending = Ending(
            spec.name, checkpoint.tokenizer, end_tokens(config), checkpoint.stops, config.max_new_tokens
        )
        self._engine_config = _engine_config(spec)
        self._lock = threading.Lock()  # protects the manager: one engine at a time has the model
        self._manager = self._started()
        self._identity = {**identity, "batching": "continuous"}

    def identity(self) -> Mapping[str, str]:
        return self._identity

    async def reply(self, request: Request, watch: Watch = watch_nothing) -> Reply:
        async with self._turnstile.place(watch):
            prompt = await asyncio.to_thread(self._prompter.prompt, request)
            self._cuts.notice(request, prompt)
            manager = await asyncio.to_thread(self._running)
            return await self._generated(manager, prompt, watch)

    def forget(self, dialogue_id: str, *, is_finished: bool = False) -> None:  # noqa: ARG002  (part of `Bot`)
        self._cuts.forget(dialogue_id)

    async def close(self) -> None:
        await asyncio.to_thread(self._stop)

    async def _generated(self, manager: Any, prompt: Prompt, watch: Watch) -> Reply:
        """Hand the prompt to the engine, and follow what comes of it, until it is over or nobody waits for it."""
        name = uuid4().hex
        said: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

        def heard(output: Any) -> None:
            if said.done():
                return
            if output.error:
                said.set_exception(BotError(f"Bot {self.name!r} broke: {output.error}"))
                return
            text = self._ending.text_of(output.generated_tokens)
            stop = self._ending.stop_in(text)
            if stop is None and not output.is_finished():
                watch(Progress.STARTED, self._ending.certain(text))
                return
            try:
                usable = usable_reply(self.name, text[:stop])
            except BotError as error:
                said.set_exception(error)
            else:
                said.set_result(Reply(usable, Usage(len(prompt.ids), len(output.generated_tokens))))

        manager.register_result_handler(name, heard)
        try:
            if manager.add_request(list(prompt.ids), request_id=name, streaming=True) is None:
                raise BotError(f"Bot {self.name!r}: its engine has stopped.")
            return await said
        finally:
            manager.output_router.result_handlers.pop(name, None)
            manager.cancel_request(name)

    def _running(self) -> Any:
        """The engine; another one, if it has broken down."""
        with self._lock:
            if not self._manager.is_running():
                self._manager = self._started()
            return self._manager

    def _started(self) -> Any:
        # It has a handler of its own, and warns there of all that it does not know for sure.
        logging.getLogger("ContinuousBatchingLogger").setLevel(logging.ERROR)
        manager = self._checkpoint.model.init_continuous_batching(
            generation_config=self._checkpoint.generation, continuous_batching_config=self._engine_config
        )
        refused = [
            type(processor).__name__
            for processor in manager.logit_processor.logits_processor
            if not getattr(processor, "supports_continuous_batching", None)
            and type(processor).__name__ not in ROW_BY_ROW
        ]
        if refused:
            raise BotError(
                f"Bot {self.name!r}: continuous batching knows no {', '.join(refused)}, which its generation config "
                "asks for. Write batching: padded, or change generation."
            )
        # A thread is a daemon if the one that starts it is: it must not keep the program from ending.
        starter = threading.Thread(target=manager.start, daemon=True)
        starter.start()
        starter.join()
        return manager

    def _stop(self) -> None:
        with self._lock:
            if self._manager.is_running():
                self._manager.stop(block=True, timeout=10, hard_stop=True)


def _refuse(spec: TransformersBot, checkpoint: Checkpoint) -> None:
    if checkpoint.is_seq2seq or checkpoint.processor is not None:
        reason = "it is for causal models that read only"
    elif (checkpoint.generation.num_beams or 1) > 1:
        reason = "it knows no beam search"
    elif ignored := [
        name for name, idle in IGNORED.items() if getattr(checkpoint.generation, name) not in (None, idle)
    ]:
        reason = f"it would pass over {ignored[0]}, which its generation config has"
    else:
        return
    raise BotError(f"Bot {spec.name!r}: batching is continuous, and {reason}. Write batching: padded.")


def _engine_config(spec: TransformersBot) -> Any:
    known = sorted(item.name for item in fields(ContinuousBatchingConfig))
    unknown = sorted(set(spec.continuous_options) - set(known))
    if unknown:
        raise BotError(
            f"Bot {spec.name!r}: continuous_options has no {unknown[0]!r}. Transformers knows: {', '.join(known)}."
        )
    return ContinuousBatchingConfig(**{**spec.continuous_options, "drop_unsupported_processors": False})
