"""Bots behind endpoints, as `model_opts.yaml` defines them."""

import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chateval.config import OpenAIBot, describe
from chateval.config.bots import BotTerms

from .labs import make_lab

if TYPE_CHECKING:
    from .labs import Lab

KEY = "sk-Keep1this2to3yourself4"
WRONG = [
    ("base_url: 'localhost:8000/v1'", "base_url", "is no address of an endpoint. Write one such as"),
    ("base_url: 'ftp://host/v1'", "base_url", "is no address of an endpoint"),
    ("base_url: 'http://[::1/v1'", "base_url", "is no address of an endpoint"),
    ("base_url: 'http://host:99999999/v1'", "base_url", "is no address of an endpoint"),
    ("base_url: 'http://host/v1/chat/completions'", "base_url", "Write it up to /v1"),
    ("base_url: 'http://host/v1?x=1'", "base_url", "Remove what follows ? or #"),
    ("options: {temperatur: 1}", "options.temperatur", "no parameter 'temperatur'. Did you mean 'temperature'?"),
    ("options: {top_k: 4}", "options.top_k", "What only your server knows belongs into extra_body"),
    ("options: {temperature: hot}", "options.temperature", "'hot' will not do. This parameter takes a number from 0"),
    ("options: {max_tokens: 0}", "options.max_tokens", "a whole number of tokens, 1 or more"),
    ("options: {stop: ['']}", "options.stop", "a list of texts, none of them empty"),
    ("options: {n: 3}", "options.n", "see kind: rerank"),
    ("options: {stream: true}", "options.stream", "Write stream: beside options"),
    ("options: {tools: []}", "options.tools", "Nobody could answer a call of a tool"),
    ("options: {max_tokens: 9, max_completion_tokens: 9}", "options.max_tokens", "Write one of the two"),
    ("options: {metadata: {day: 2026-01-01}}", "options.metadata", "a mapping of texts to texts"),
    ("extra_body: {temperature: 1}", "extra_body.temperature", "Write it into options"),
    ("extra_body: {messages: []}", "extra_body.messages", "cannot be set here"),
    ("extra_body: {day: 2026-01-01}", "extra_body", "cannot be written as JSON"),
    ("images: maybe", "images", "one of auto, true, false"),
    ("requests_per_minute: 0", "requests_per_minute", "a whole number, 1 or more"),
    ("input_usd_per_million: 1", "output_usd_per_million", "no cost can be told"),
    ("cached_usd_per_million: 1, input_usd_per_million: 1", "output_usd_per_million", "no cost can be told"),
    ("input_usd_per_million: -1", "input_usd_per_million", "an amount in dollars"),
    ("temperature: 1", "temperature", "no key 'temperature' for this kind of bot"),
]
HIDDEN = [
    (f"api_key: {KEY}", "api_key"),
    ("api_key: any", "api_key"),
    (f"api_key_variable: {KEY}", "api_key_variable"),
    ("api_key_variable: any1thing2that3is4no5name", "api_key_variable"),
    (f"options: {{user: {KEY}}}", "options.user"),
    ("options: {Authorization: any1thing}", "options.Authorization"),
    ("extra_body: {proxy: {headers: {x-api-key: any1thing}}}", "extra_body.proxy.headers.x-api-key"),
    (f"extra_body: {{list: [{{deep: {KEY}}}]}}", "extra_body.list"),
    (f"base_url: 'http://host/v1?key={KEY}'", "base_url"),
    ("base_url: 'http://me:any1thing@host/v1'", "base_url"),
    (f"system_prompt: Your key is {KEY}.", "system_prompt"),
    ("system_prompt: 'Authorization: Bearer any1thing2long'", "system_prompt"),
    (f"model: [{KEY}]", "model"),
]


def problems_of(lab: "Lab", definitions: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Of each of the definitions, the keys that are complained of, and what is said."""
    names = [f"bot{number}" for number, _ in enumerate(definitions)]
    lines = []
    for name, text in zip(names, definitions, strict=True):
        model = "" if text.startswith("model:") else "model: m, "
        lines.append(f"{name}: {{kind: openai, {model}{text}}}\n")
    lab.write("task_config/model_opts.yaml", "".join(lines))
    told: dict[str, list[tuple[str, str]]] = {name: [] for name in names}
    for problem in lab.problems(
        f'mephisto.blueprint.conversations_needed_string="{",".join(f"{n}:1" for n in names)}"'
    ):
        name, _, key = problem.where.rpartition(", ")[2].partition(".")
        told[name].append((key, problem.text))
    return dict(zip(definitions, told.values(), strict=True))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, str]]]:
    lab = make_lab(tmp_path_factory.mktemp("endpoints"))
    return problems_of(lab, [definition for definition, *_ in [*WRONG, *HIDDEN]])


@pytest.mark.parametrize(("definition", "key", "text"), WRONG)
def test_a_wrong_value_is_told_with_its_key(
    told: dict[str, list[tuple[str, str]]], definition: str, key: str, text: str
) -> None:
    """An endpoint would tell of it in the middle of someone's conversation."""
    [(where, said)] = told[definition]
    assert where == key
    assert text in said


@pytest.mark.parametrize(("definition", "key"), HIDDEN)
def test_a_key_in_the_file_is_refused_and_not_repeated(
    told: dict[str, list[tuple[str, str]]], definition: str, key: str
) -> None:
    """Files are shared and kept; what is printed ends in logs and tickets."""
    [(where, said)] = told[definition]
    assert where == key
    assert "environment variable" in said
    assert "any1thing" not in said
    assert KEY not in said


def test_what_only_looks_a_little_like_a_key_is_fine(lab: "Lab") -> None:
    """Prompts, and names of models, may hold long words."""
    lab.write(
        "task_config/model_opts.yaml",
        "alice: {kind: openai, model: hf-internal-testing/tiny-random-gpt2, options: {user: sk-learn}}\n"
        "bob: {kind: openai, model: m, system_prompt: You are the bearer of documents and risk-averse.}\n",
    )
    assert len(lab.load().bots) == 2


def test_everything_that_an_endpoint_may_be_told_is_read(lab: "Lab") -> None:
    lab.write(
        "task_config/model_opts.yaml",
        "bob: {kind: openai, model: b}\n"
        "alice:\n"
        "  kind: openai\n"
        "  model: llama3\n"
        "  base_url: http://127.0.0.1:11434/v1/\n"
        "  options: {temperature: 1, stop: [a, b], response_format: {type: text}}\n"
        "  extra_body: {top_k: 4, guided: {regex: x+}}\n"
        "  images: true\n"
        "  requests_per_minute: 30\n"
        "  input_usd_per_million: 2\n"
        "  output_usd_per_million: 8.5\n",
    )
    alice, bob = lab.load().bots
    assert alice == OpenAIBot(
        "alice",
        "llama3",
        "http://127.0.0.1:11434/v1/",
        options={"temperature": 1, "stop": ["a", "b"], "response_format": {"type": "text"}},
        extra_body={"top_k": 4, "guided": {"regex": "x+"}},
        images=True,
        requests_per_minute=30,
        input_usd_per_million=2,
        output_usd_per_million=8.5,
    )
    assert isinstance(bob, OpenAIBot)
    assert (alice.url, alice.key_variable) == ("http://127.0.0.1:11434/v1", "")
    assert (bob.url, bob.key_variable) == ("https://api.openai.com/v1", "OPENAI_API_KEY")


def test_a_check_tells_whom_is_asked_and_that_it_costs(lab: "Lab") -> None:
    """A server of one's own charges nothing."""
    lab.write(
        "task_config/model_opts.yaml",
        "alice: {kind: openai, model: big}\nbob: {kind: openai, model: own, base_url: 'http://127.0.0.1:8000/v1'}\n",
    )

    text = " ".join(describe(lab.load()).split())

    assert "alice (big at https://api.openai.com/v1); bob (own at http://127.0.0.1:8000/v1)" in text
    assert "the replies of alice besides, at what the endpoint charges" in text


def test_the_documents_examples_can_be_used_as_they_are(lab: "Lab") -> None:
    """They are what people copy."""
    document = (Path(__file__).parents[2] / "docs" / "bots.md").read_text(encoding="utf-8")
    section = document.partition("## Endpoints that speak OpenAI's protocol")[2].partition("\n## ")[0]
    [example] = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    lab.write("task_config/model_opts.yaml", example)
    names = ["hosted", "elsewhere", "vllm", "ollama", "llamacpp"]
    needed = ",".join(f"{name}:1" for name in names)

    bots = lab.load(f'mephisto.blueprint.conversations_needed_string="{needed}"').bots

    assert {bot.name for bot in bots} == set(names)


def test_the_documents_tell_of_every_key() -> None:
    """With its default, where it has one that can be written."""
    document = (Path(__file__).parents[2] / "docs" / "bots.md").read_text(encoding="utf-8")
    section = document.partition("## Endpoints that speak OpenAI's protocol")[2].partition("\n## ")[0]
    own = {item.name for item in fields(OpenAIBot)} - {item.name for item in fields(BotTerms)} - {"name"}

    assert own == set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", section, re.MULTILINE))))
