"""Batches of replies."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch

from chateval.bots.transformers._batch import Batch, padded_batch, pictured_batch
from chateval.bots.transformers._checkpoint import Checkpoint
from chateval.bots.transformers._evening import evened
from chateval.bots.transformers._generation import end_tokens
from chateval.bots.transformers._prefixes import NOTHING, PrefixStore, is_plain, taken_apart
from chateval.bots.transformers._rows import BeamWatch, Ending, Row, RowWatch
from chateval.bots.transformers._sampling import RowSampler, sampling_with
from chateval.errors import BotError

logger = logging.getLogger(__name__)


class Engine:
    """Generates the replies of many dialogues at once.

    Each is delivered as soon as it is over, and the batch ends when all are, or nobody waits for the rest. What was
    computed for a dialogue is kept for its next turn in `prefixes`, if there are any. A batch that does not fit into
    memory is generated in halves.
    """

    def __init__(self, name: str, checkpoint: Checkpoint, stops: tuple[str, ...], prefixes: PrefixStore | None) -> None:
        self._name = name
        self._checkpoint = checkpoint
        self._prefixes = prefixes
        config = checkpoint.generation
        self._ending = Ending(name, checkpoint.tokenizer, end_tokens(config), stops, config.max_new_tokens)

    def answer(self, rows: Sequence[Row]) -> None:
        """Generate and deliver; rows with a picture apart from those without.

        Raises:
            BotError: the model failed.
        """
        for with_image in (False, True):
            group = [row for row in rows if (row.prompt.image is not None) is with_image and row.job.is_wanted]
            if group:
                self._answer(group)

    def _answer(self, rows: list[Row]) -> None:
        try:
            self._generate(rows)
        except BotError:
            raise
        except Exception as error:  # a model is foreign code, which may raise anything
            if not is_out_of_memory(error) or len(rows) == 1:
                raise BotError(f"Bot {self._name!r} broke: {type(error).__name__}: {error}") from error
            logger.warning(
                "Bot %r: %d replies at once do not fit into memory; half of them are tried.", self._name, len(rows)
            )
        else:
            return
        self.forget_all()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        for half in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
            still_open = [row for row in half if row.job.is_wanted]
            for row in still_open:
                row.ids.clear()
                row.is_open = True
            if still_open:
                self._answer(still_open)

    def forget(self, dialogue_id: str) -> None:
        if self._prefixes is not None:
            self._prefixes.forget(dialogue_id)

    def forget_all(self) -> None:
        if self._prefixes is not None:
            self._prefixes.clear()

    def _generate(self, rows: list[Row]) -> None:
        batch = self._batch(rows)
        for row, cached in zip(rows, batch.cached, strict=True):
            row.prompt_tokens, row.cached_tokens = len(row.prompt.ids), cached
        start = 1 if self._checkpoint.is_seq2seq else batch.inputs["input_ids"].shape[1]
        config = self._checkpoint.generation
        has_beams = (config.num_beams or 1) > 1
        watch = BeamWatch(rows) if has_beams else RowWatch(rows, self._ending, start)
        options: dict[str, Any] = {}
        if config.do_sample:
            options["custom_generate"] = sampling_with(RowSampler([row.seed for row in rows]))
        if batch.cache is not None:
            options["past_key_values"] = batch.cache
        with torch.inference_mode():
            written = self._checkpoint.model.generate(
                **batch.inputs, **options, generation_config=config, stopping_criteria=[watch]
            )
        if has_beams:
            self._finish_beams(rows, written[:, start:].tolist())
        elif batch.cache is not None and self._prefixes is not None and is_plain(batch.cache):
            self._keep(rows, batch.inputs, batch.cache, self._prefixes)

    def _batch(self, rows: list[Row]) -> Batch:
        if rows[0].prompt.image is not None:
            return pictured_batch(self._checkpoint, [row.prompt for row in rows])
        prompts = [row.prompt.ids for row in rows]
        if self._prefixes is None:
            return padded_batch(self._checkpoint, prompts, [NOTHING] * len(rows), with_cache=False)
        found = [self._prefixes.find(row.job.dialogue_id, row.prompt.ids) for row in rows]
        known = evened(self._checkpoint, prompts, found)
        batch = padded_batch(self._checkpoint, prompts, known, with_cache=True)
        return replace(batch, cached=tuple(one.tokens for one in found))

    def _finish_beams(self, rows: list[Row], written: list[list[int]]) -> None:
        for row, ids in zip(rows, written, strict=True):
            end = next((place for place, token in enumerate(ids) if token in self._ending.end_tokens), len(ids) - 1)
            row.ids = ids[: end + 1]
            if row.job.is_wanted:
                self._ending.finish(row)

    def _keep(self, rows: list[Row], inputs: dict[str, Any], cache: Any, prefixes: PrefixStore) -> None:
        start = inputs["input_ids"].shape[1]
        computed = cache.get_seq_length() - start
        mask = inputs["attention_mask"]
        for number, row in enumerate(rows):
            generated = min(len(row.ids), computed)
            columns = torch.cat(
                [mask[number].nonzero()[:, 0], torch.arange(start, start + generated, device=mask.device)]
            )
            ids = (*row.prompt.ids, *row.ids[:generated])
            prefixes.keep(row.job.dialogue_id, taken_apart(cache, number, columns, ids))


def is_out_of_memory(error: BaseException) -> bool:
    """Whether less would have fitted. PyTorch says so in words where it computes on a CPU."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(
        words in str(error) for words in ("not enough memory", "can't allocate memory", "out of memory")
    )
