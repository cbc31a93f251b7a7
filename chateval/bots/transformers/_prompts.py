"""From a request to what a model reads."""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import TemplateError
from PIL import Image

from chateval.bots._bot import Request
from chateval.bots._prompt import system_text
from chateval.bots.transformers._checkpoint import Checkpoint
from chateval.config import TransformersBot
from chateval.dialogue import Picture, Speaker, Turn
from chateval.errors import HopelessBotError

logger = logging.getLogger(__name__)

BEGIN = "(The conversation begins.)"
"""What a model is told to answer that begins a dialogue, where its template wants a user's turn first."""

ROLES = {Speaker.USER: "user", Speaker.SYSTEM: "assistant"}


@dataclass(frozen=True)
class Prompt:
    """What a model reads, in its tokens; with a picture, `text` and `image` go through the processor instead."""

    ids: tuple[int, ...]
    text: str
    image: Any | None = None
    left_out: int = 0
    """How many of the oldest turns found no room."""


class Prompter:
    """Writes dialogues as a checkpoint wants them, as long as they fit into its window.

    What does not fit is left out turn by turn, the oldest first; of a last turn that is too long by itself, its end
    stays. The system prompt, persona and background stay whole.
    """

    def __init__(self, spec: TransformersBot, checkpoint: Checkpoint, pictures_dir: Path | None) -> None:
        self._name = spec.name
        self._system_prompt = spec.system_prompt
        self._template_options = spec.template_options
        self._checkpoint = checkpoint
        self._pictures_dir = pictures_dir
        special = sorted({token for token in _special_tokens(checkpoint.tokenizer) if len(token) > 1}, key=len)
        self._special = re.compile("|".join(map(re.escape, reversed(special)))) if special else None

    def prompt(self, request: Request) -> Prompt:
        """The prompt for the next turn.

        Raises:
            HopelessBotError: not even one turn fits beside the system prompt, the template fails, or there is no such
                picture.
        """
        picture = request.context.picture
        image = self._image(picture) if picture is not None else None
        system = system_text(self._system_prompt, request.context, sees_picture=image is not None)
        turns = [Turn(turn.speaker, self._harmless(turn.text)) for turn in request.turns]

        def written(left_out: int, cut: int = 0) -> Prompt:
            kept = turns[left_out:]
            if cut:
                kept = [Turn(kept[0].speaker, kept[0].text[cut:]), *kept[1:]]
            text = self._text(system, kept, with_image=image is not None)
            return Prompt(tuple(self._ids(text, image)), text, image, left_out)

        def fits(prompt: Prompt) -> bool:
            return not self._checkpoint.room or len(prompt.ids) <= self._checkpoint.room

        whole = written(0)
        if fits(whole):
            return whole
        most = max(len(turns) - 1, 0)
        left_out = _first(most, lambda count: fits(written(count)))
        prompt = written(left_out)
        if not fits(prompt) and turns:
            prompt = written(most, _first(len(turns[-1].text), lambda cut: fits(written(most, cut))))
        if not fits(prompt):
            raise HopelessBotError(
                f"Bot {self._name!r}: its system prompt and persona take {len(prompt.ids):,} tokens, and only "
                f"{self._checkpoint.room:,} go into the model beside a reply. Shorten them, or lower max_new_tokens."
            )
        return prompt

    def _text(self, system: str, turns: Sequence[Turn], *, with_image: bool) -> str:
        failure: TemplateError | None = None
        for messages in _ways_to_tell(system, turns):
            try:
                text = self._rendered(_with_image(messages, is_listed=self._is_listed, is_shown=with_image))
            except TemplateError as error:
                failure = error
            else:
                if " ".join(system.split()) in " ".join(text.split()):
                    return text
        if failure is None:
            raise HopelessBotError(
                f"Bot {self._name!r}: its chat template leaves out what it is told. Give it another template."
            )
        raise HopelessBotError(
            f"Bot {self._name!r}: its chat template cannot write this dialogue: {failure}"
        ) from failure

    @property
    def _is_listed(self) -> bool:
        return self._checkpoint.processor is not None and not self._checkpoint.is_plain

    def _rendered(self, messages: list[dict[str, Any]]) -> str:
        text: str = self._checkpoint.tokenizer.apply_chat_template(
            messages,
            chat_template=self._checkpoint.template,
            tokenize=False,
            add_generation_prompt=True,
            **self._template_options,
        )
        return text

    def _ids(self, text: str, image: Any | None) -> list[int]:
        if image is not None:
            processor = self._checkpoint.processor
            assert processor is not None  # noqa: S101  (only such checkpoints are given images)
            first: list[int] = processor(text=[text], images=[[image]], add_special_tokens=False)["input_ids"][0]
            return first
        is_plain, tokenizer = self._checkpoint.is_plain, self._checkpoint.tokenizer
        ids: list[int] = tokenizer(text, add_special_tokens=is_plain, verbose=False)["input_ids"]
        if is_plain and not self._checkpoint.is_seq2seq and len(ids) > 1 and ids[-1] == tokenizer.eos_token_id:
            ids = ids[:-1]  # a model is not to be told that the text is over, and then to go on with it
        if not ids:
            raise HopelessBotError(f"Bot {self._name!r} has nothing to begin from. Give it a system_prompt.")
        return ids

    def _image(self, picture: Picture) -> Any | None:
        if not self._is_listed or self._pictures_dir is None:
            return None
        try:
            with Image.open(self._pictures_dir / picture.file) as image:
                return image.convert("RGB")
        except OSError as error:
            raise HopelessBotError(f"Bot {self._name!r} cannot look at the picture {picture.file}: {error}") from error

    def _harmless(self, text: str) -> str:
        """What was said, without what the model would take for the end of a turn or of the text."""
        if self._special is None:
            return text
        return self._special.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)


class CutNotices:
    """Tells once of each dialogue that its beginning is left out."""

    def __init__(self, bot_name: str) -> None:
        self._name = bot_name
        self._told: set[str] = set()

    def notice(self, request: Request, prompt: Prompt) -> None:
        if prompt.left_out and request.dialogue_id not in self._told:
            self._told.add(request.dialogue_id)
            logger.info(
                "Bot %r: dialogue %s no longer fits into the model; its oldest turns are left out from turn %d on.",
                self._name,
                request.dialogue_id,
                len(request.turns),
            )

    def forget(self, dialogue_id: str) -> None:
        self._told.discard(dialogue_id)


def _ways_to_tell(system: str, turns: Sequence[Turn]) -> Iterator[list[dict[str, Any]]]:
    """The dialogue as messages that alternate; then, for templates that want it, without a system role; then with a
    user's turn first."""
    said: list[dict[str, Any]] = []
    for turn in turns:
        if said and said[-1]["role"] == ROLES[turn.speaker]:
            said[-1] = {**said[-1], "content": f"{said[-1]['content']}\n{turn.text}"}
        else:
            said.append({"role": ROLES[turn.speaker], "content": turn.text})
    told = [{"role": "system", "content": system}] if system else []
    begun = said if said and said[0]["role"] == "user" else [{"role": "user", "content": BEGIN}, *said]
    if told or said:
        yield told + said
    yield told + begun
    if system:
        yield [{"role": "user", "content": f"{system}\n\n{begun[0]['content']}"}, *begun[1:]]


def _with_image(messages: list[dict[str, Any]], *, is_listed: bool, is_shown: bool) -> list[dict[str, Any]]:
    """Contents as lists of parts, as templates of models that see want them; the picture in the first user's turn."""
    if not is_listed:
        return messages
    listed = [{**message, "content": [{"type": "text", "text": message["content"]}]} for message in messages]
    first = next((message for message in listed if message["role"] == "user"), None)
    if is_shown:
        if first is None:
            raise TemplateError("nobody has said anything that the picture could go with")
        first["content"].insert(0, {"type": "image"})
    return listed


def _special_tokens(tokenizer: Any) -> Iterator[str]:
    yield from tokenizer.all_special_tokens
    yield from (str(token) for token in tokenizer.added_tokens_decoder.values() if token.special)


def _first(limit: int, is_enough: Callable[[int], bool]) -> int:
    """The least number from 0 to `limit` that is enough, by halving; `limit` if none is."""
    low, high = 0, limit
    while low < high:
        middle = (low + high) // 2
        if is_enough(middle):
            high = middle
        else:
            low = middle + 1
    return low
