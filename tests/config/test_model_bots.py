"""Checkpoints and wrappers, as model_opts.yaml defines them."""

import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chateval.config import RerankBot, TransformersBot
from chateval.config.bots import BotTerms

from .labs import make_lab

if TYPE_CHECKING:
    from .labs import Lab

GPT = "{kind: transformers, model: org/gpt, "
BEST = "{kind: rerank, bots: [other, another], "

WRONG = [
    ("{kind: transformers, model: ./gone}", "There is no folder"),
    ("{kind: transformers, model: conf}", "holds no config.json, so it is no checkpoint"),
    (GPT + "chat_template: gone.jinja}", "Put the template there, or remove the key"),
    (GPT + "device: gpu}", "This key takes one of auto, cpu, mps, cuda"),
    (GPT + "device: cpu, device_map: auto}", "device is cpu, and a device_map spreads"),
    (GPT + "dtype: int8}", "This key takes one of auto, float32, float16, bfloat16"),
    (GPT + "architecture: gpt}", "This key takes one of auto, causal, seq2seq, image_text"),
    (GPT + "continuous_options: {num_blocks: 3}}", "They count with batching: continuous only"),
    (GPT + "load_options: {torch_dtype: float16}}", "torch_dtype has a key of its own. Write dtype:"),
    (GPT + "quantization: {bits: 4}}", "There is no quant_method"),
    (GPT + "quantization: {quant_methd: hqq}}", "Did you mean 'quant_method'?"),
    (GPT + "generation: {max_new_token: 5}}", "There is no key 'max_new_token' for generation. Did you mean 'max_new_"),
    (GPT + "generation: {max_length: 5}}", "max_length cannot be chosen here. It counts the dialogue too"),
    (GPT + "generation: {stop_strings: [a]}}", "Write them as a list under stop:"),
    (GPT + "generation: {max_new_tokens: many}}", "'many' will not do. This key takes a whole number"),
    (GPT + "generation: {temperature: 0}}", "has do_sample: false"),
    (GPT + "generation: {top_p: 1.5}}", "1.5 will not do. This key takes a share"),
    (GPT + "generation: {do_sample: false, top_k: 5}}", "top_k says how to sample, and do_sample is false"),
    (GPT + "generation: {do_sample: true, num_beams: 4}}", "A beam search does not sample here"),
    (GPT + "generation: {num_beams: 1, length_penalty: 2}}", "length_penalty is for a beam search"),
    (GPT + "generation: {min_new_tokens: 9, max_new_tokens: 5}}", "9 is more than max_new_tokens, 5"),
    (BEST + "ranker: consensu}", "There is no ranker 'consensu'. Did you mean 'consensus'?"),
    (BEST + "ranker: 'no_such_module:f'}", "there is no module 'no_such_module'"),
    (BEST + "candidates: 0}", "This key takes a whole number from 1 to 100"),
    ("{kind: rerank, bots: [other, other]}", "A bot is named twice"),
    ("{kind: rerank, bots: [other], candidates: 1}", "leaves nothing to choose"),
    ("{kind: rerank, bots: [stranger]}", "stranger is a person, who cannot be asked for candidates"),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each line of a file with all of them."""
    lab = make_lab(tmp_path_factory.mktemp("model_bots"))
    lab.write("task_config/conf/notes.txt", "no checkpoint")
    lines = [f"bot{number}: {definition}\n" for number, (definition, _) in enumerate(WRONG, start=1)]
    others = "other: -m x\nanother: -m y\nstranger: {kind: human}\n"
    lab.write("task_config/model_opts.yaml", "".join(lines) + others)
    needed = ",".join(f"bot{number}:1" for number in range(1, len(WRONG) + 1))
    texts: dict[str, str] = {}
    for problem in lab.problems(f'mephisto.blueprint.conversations_needed_string="{needed}"'):
        texts.setdefault(problem.where.partition("model_opts.yaml, ")[2].partition(".")[0], problem.text)
    return texts


@pytest.mark.parametrize(("number", "text"), [(number, text) for number, (_, text) in enumerate(WRONG, start=1)])
def test_what_a_model_cannot_be_is_told(told: dict[str, str], number: int, text: str) -> None:
    """In a second, where loading it would take minutes and somebody's patience."""
    assert text in told[f"line {number}, bot{number}"]


def test_a_ring_of_wrappers_is_told_once_for_each(lab: "Lab") -> None:
    """It could never be built."""
    lab.write(
        "task_config/model_opts.yaml",
        "alice: {kind: rerank, bots: [bob]}\nbob: {kind: rerank, bots: [carol]}\n"
        "carol: {kind: rerank, bots: [bob, d]}\nd: -m x\n",
    )
    texts = [problem.text for problem in lab.problems()]
    assert texts == [
        "It is made of itself: bob -> carol -> bob. Have it made of other bots.",
        "It is made of itself: carol -> bob -> carol. Have it made of other bots.",
    ]


def test_paths_are_looked_for_beside_the_file(lab: "Lab") -> None:
    """A study may be launched from anywhere."""
    lab.write("task_config/mine/config.json", "{}")
    lab.write("task_config/mine.jinja", "x")
    lab.write(
        "task_config/model_opts.yaml",
        "alice: {kind: transformers, model: mine, chat_template: mine.jinja}\n"
        "bob: {kind: transformers, model: org/x}\n",
    )
    alice, bob = lab.load().bots
    assert isinstance(alice, TransformersBot)
    assert isinstance(bob, TransformersBot)
    folder = lab.folder / "task_config"
    assert (alice.model, alice.chat_template) == (str(folder / "mine"), str(folder / "mine.jinja"))
    assert (bob.model, bob.chat_template) == ("org/x", "")


def test_a_study_gets_what_its_wrappers_are_made_of(lab: "Lab") -> None:
    """They are loaded with it, and stored with it."""
    lab.write(
        "task_config/model_opts.yaml", "alice: {kind: rerank, bots: [carol]}\nbob: -m x\ncarol: -m y\ndave: -m z\n"
    )
    bots = lab.load().bots
    assert [bot.name for bot in bots] == ["alice", "bob", "carol"]
    assert isinstance(bots[0], RerankBot)
    assert (bots[0].candidates, bots[0].ranker) == (5, "consensus")


HEADINGS = {TransformersBot: "## transformers checkpoints", RerankBot: "## Ranking candidates"}


def section(heading: str) -> str:
    document = (Path(__file__).parents[2] / "docs" / "bots.md").read_text(encoding="utf-8")
    return document.partition(heading)[2].partition("\n## ")[0]


@pytest.mark.parametrize(("kind", "heading"), HEADINGS.items(), ids=str)
def test_the_documents_tell_of_every_key(kind: type, heading: str) -> None:
    """And of none that there is not."""
    own = {item.name for item in fields(kind)} - {item.name for item in fields(BotTerms)} - {"name"}

    assert own == set(re.findall(r"^\| `(\w+)` \|", section(heading), re.MULTILINE))


@pytest.mark.parametrize("heading", HEADINGS.values())
def test_the_documents_examples_can_be_used_as_they_are(lab: "Lab", heading: str) -> None:
    """They are what people copy."""
    examples = re.findall(r"```yaml\n(.*?)```", section(heading), re.DOTALL)
    text = "".join(examples)
    lab.write("task_config/model_opts.yaml", text)
    lab.write("task_config/checkpoints/small-chat/config.json", "{}")
    lab.write("task_config/dialogpt.jinja", "x")
    names = re.findall(r"^(\w+):$", text, re.MULTILINE)
    needed = ",".join(f"{name}:1" for name in names)

    bots = lab.load(f'mephisto.blueprint.conversations_needed_string="{needed}"').bots

    assert sorted(bot.name for bot in bots) == sorted(names)
