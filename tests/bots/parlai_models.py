"""Small models that are made while the tests run, and talks with them."""

# ruff: noqa: PLC0415 (ParlAI is prepared before it is imported, and imports take seconds)

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from chateval.bots import Bot, Request
from chateval.compat import prepare_parlai
from chateval.dialogue import Context, Speaker, Turn

LESSONS = {
    "hello": "hi , how are you today ?",
    "i have a dog": "what is the name of your dog ?",
    "good night": "sleep well and see you tomorrow .",
    "what is your favourite food": "i love pasta with a lot of garlic and tomatoes .",
}


def train_generator(folder: Path) -> Path:
    """A `transformer/generator` that has learned the lessons; returns its `--model-file`."""
    prepare_parlai()
    from parlai.core.loader import register_teacher
    from parlai.core.teachers import DialogTeacher
    from parlai.scripts.train_model import TrainModel

    class LessonsTeacher(DialogTeacher):
        def __init__(self, opt: Any, shared: Any = None) -> None:
            super().__init__({**opt, "datafile": str(folder / "lessons")}, shared)

        def setup_data(self, _: str) -> Iterator[Any]:
            yield from (((text, reply), True) for text, reply in LESSONS.items())

    register_teacher("chateval_lessons")(LessonsTeacher)
    model_file = folder / "model"
    TrainModel.main(
        task="chateval_lessons",
        model="transformer/generator",
        model_file=str(model_file),
        datapath=str(folder),
        n_layers=1,
        n_heads=2,
        embedding_size=32,
        ffn_size=64,
        batchsize=4,
        max_train_steps=80,
        learningrate=0.015,
        optimizer="adam",
        lr_scheduler="fixed",
        skip_generation=True,
        validation_every_n_epochs=1e6,
        dict_tokenizer="split",
        inference="greedy",
        text_truncate=128,
        label_truncate=32,
        no_cuda=True,
    )
    return model_file


def write_gpt2(folder: Path) -> Path:
    """A GPT-2 of two small layers, whose weights are far enough apart for its replies to differ."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import GPT2Config, GPT2Model

    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator([*LESSONS, *LESSONS.values()] * 9, 340, special_tokens=["<|endoftext|>"])
    tokenizer.save_model(str(folder))
    size = tokenizer.get_vocab_size()
    shape = {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 512}
    with torch.random.fork_rng():
        torch.manual_seed(5)
        config = GPT2Config(vocab_size=size, initializer_range=0.3, bos_token_id=0, eos_token_id=0, **shape)
        GPT2Model(config).save_pretrained(folder)
    return folder


async def talk(bot: Bot, dialogue_id: str, texts: Sequence[str], context: Context = Context()) -> list[str]:  # noqa: B008
    """The bot's replies in a dialogue in which the user says `texts`."""
    turns: list[Turn] = list(context.turns)
    replies: list[str] = []
    for text in texts:
        turns.append(Turn(Speaker.USER, text))
        replies.append((await bot.reply(Request(dialogue_id, tuple(turns), context))).text)
        turns.append(Turn(Speaker.SYSTEM, replies[-1]))
    return replies


def stock_replies(options: str, datapath: Path, texts: Sequence[str]) -> list[str]:
    """What ParlAI itself says in a dialogue: one agent, told turn by turn, one answer at a time."""
    prepare_parlai()
    import torch
    from parlai.core.agents import create_agent
    from parlai.core.message import Message
    from parlai.core.params import ParlaiParser

    words = [*options.split(), "--datapath", str(datapath), "--skip-generation", "false"]
    with torch.random.fork_rng():
        torch.manual_seed(0)
        agent = create_agent(ParlaiParser(add_model_args=True).parse_args(words), requireModelExists=True)
    replies = []
    for text in texts:
        agent.observe(Message({"id": "user", "text": text, "episode_done": False}))
        replies.append(str(agent.act()["text"]).strip())
    return replies


def write_ranker(folder: Path, dict_file: Path) -> Path:
    """A `transformer/biencoder` that has learned nothing; returns its `--model-file`."""
    prepare_parlai()
    import torch
    from parlai.core.agents import create_agent
    from parlai.core.params import ParlaiParser

    options = (
        "--model transformer/biencoder --n-layers 1 --n-heads 2 --embedding-size 32 --dict-tokenizer split --no-cuda"
    )
    words = [*options.split(), "--dict-file", str(dict_file), "--datapath", str(folder)]
    with torch.random.fork_rng():
        torch.manual_seed(1)
        agent = create_agent(ParlaiParser(add_model_args=True).parse_args(words))
    agent.save(str(folder / "ranker"))
    return folder / "ranker"
