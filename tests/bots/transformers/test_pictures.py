"""Models that see."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from PIL import Image

from chateval.bots import Request
from chateval.dialogue import Context, Picture, Turn
from chateval.errors import BotError

Turns = Callable[..., list[Turn]]
Build = Callable[..., Any]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    for name, colour in {"red": (255, 0, 0), "blue": (0, 0, 255)}.items():
        Image.new("RGB", (32, 24), colour).save(folder / f"{name}.png")
    return folder


def of(name: str) -> Context:
    return Context(picture=Picture(name, f"{name}.png", f"something {name}"))


def seen_alone(folder: Path, picture: Path, text: str) -> str:
    """What transformers itself says of one picture."""
    model = transformers.LlavaForConditionalGeneration.from_pretrained(folder).eval()
    processor = transformers.AutoProcessor.from_pretrained(folder)
    with Image.open(picture) as image:
        inputs = processor(text=[text], images=[image.convert("RGB")], return_tensors="pt", add_special_tokens=False)
    with torch.inference_mode():
        written = model.generate(**inputs, max_new_tokens=12, do_sample=False)[0, inputs["input_ids"].shape[1] :]
    said: str = processor.tokenizer.decode(written, skip_special_tokens=True)
    return said.strip()


async def test_a_model_that_sees_is_shown_the_picture(llava: Path, build: Build, turns: Turns, pictures: Path) -> None:
    """In the first turn of the person, as its processor wants it; others in the batch see theirs."""
    bot = build(llava, pictures)
    said = {"red": "what is it", "blue": "hello there, how are you doing today?"}

    replies = await asyncio.gather(*(bot.reply(Request(name, turns(text), of(name))) for name, text in said.items()))

    assert [reply.text for reply in replies] == [
        seen_alone(llava, pictures / f"{name}.png", f"<|user|><image>{text}<|end|><|assistant|>")
        for name, text in said.items()
    ]
    assert replies[0].usage.input_tokens > 7  # the patches among them


async def test_what_is_seen_is_what_is_answered(llava: Path, build: Build, turns: Turns, pictures: Path) -> None:
    """A picture that never reached the model would go unnoticed otherwise."""
    bot = build(llava, pictures)
    prompts = [Request(name, turns("what is it"), of(name)) for name in ("red", "blue")]

    assert len({(await bot.reply(prompt)).text for prompt in prompts}) == 2


async def test_dialogues_with_and_without_a_picture_go_together(
    llava: Path, build: Build, turns: Turns, pictures: Path
) -> None:
    """One model may serve both."""
    bot = build(llava, pictures)
    asked = [Request("a", turns("hi"), of("red")), Request("b", turns("hi")), Request("c", turns("hi"), of("blue"))]

    together = [reply.text for reply in await asyncio.gather(*map(bot.reply, asked))]

    assert together == [(await bot.reply(request)).text for request in asked]


async def test_a_picture_that_is_missing_is_told(llava: Path, build: Build, turns: Turns, pictures: Path) -> None:
    """Talking about nothing would spoil the data silently."""
    with pytest.raises(BotError, match=r"cannot look at the picture green\.png: "):
        await build(llava, pictures).reply(Request("d", turns("hi"), of("green")))


async def test_the_bot_may_begin_about_a_picture(llava: Path, build: Build, pictures: Path) -> None:
    """There is no turn of the person that it could go with."""
    assert (await build(llava, pictures).reply(Request("d", [], of("red")))).text
