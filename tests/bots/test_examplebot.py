from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from chateval.bots import Bot, Request
from chateval.dialogue import Context, Speaker, Turn

FOLDER = Path(__file__).parents[2] / "parlai_internal" / "agents" / "examplebot"
TOPICS: dict[str, dict[str, Any]] = yaml.safe_load(FOLDER.joinpath("topics.yaml").read_text(encoding="utf-8"))
CHAT = """Hi!
Good, thanks. You?
I cooked pasta for dinner
With a lot of garlic
My mother taught me
no
Do you like music?
I play the guitar
Since I was ten
ok
Last year I went to Japan
I went alone
What is the capital of France?
My name is Anna
I'm a student
Chemistry
Do you have a dog?
I have two cats
It's raining here
thank you""".splitlines()


async def talk(bot: Bot, dialogue_id: str, texts: list[str]) -> list[str]:
    """The bot's replies in a dialogue in which the user says `texts`."""
    turns: list[Turn] = []
    for text in texts:
        turns.append(Turn(Speaker.USER, text))
        turns.append(Turn(Speaker.SYSTEM, (await bot.reply(Request(dialogue_id, turns))).text))
    return [turn.text for turn in turns[1::2]]


@pytest.mark.parametrize("texts", [CHAT, ["ok"] * 30, ["no"] * 20, ["what?"] * 20], ids=["chat", "ok", "no", "what"])
async def test_it_does_not_repeat_itself(examplebot: Bot, texts: list[str]) -> None:
    """It is what a newcomer sees first, and few things bore more."""
    replies = await talk(examplebot, repr(texts), texts)

    assert [reply for reply, times in Counter(replies).items() if times > 1] == []


async def test_it_never_runs_out_of_words(examplebot: Bot) -> None:
    """A worker may go on for longer than there are lines."""
    assert all(await talk(examplebot, "endless", ["ok"] * 120))


@pytest.mark.parametrize("question", ["Are you a bot?", "Am I talking to a robot?", "are you human", "Who are you?"])
async def test_it_admits_that_it_is_a_program(examplebot: Bot, question: str) -> None:
    """Nobody is to be deceived."""
    assert "demo program" in (await talk(examplebot, question, ["Hi!", question]))[1]


@pytest.mark.parametrize("texts", [["Hi, I'm anna"], ["My name is Anna"], ["what is your name?", "Anna"]])
async def test_it_remembers_a_name(examplebot: Bot, texts: list[str]) -> None:
    """Until the goodbye."""
    replies = await talk(examplebot, repr(texts), [*texts, "bye"])

    assert "Nice to meet you, Anna!" in replies[-2]
    assert replies[-1].startswith("Goodbye, Anna!")


@pytest.mark.parametrize("answer", ["bye", "no", "Why?"])
async def test_not_every_word_is_a_name(examplebot: Bot, answer: str) -> None:
    """It asks for the name, and gets something else."""
    replies = await talk(examplebot, f"no-name-{answer}", ["what is your name?", answer])

    assert "Nice to meet you" not in replies[1]


@pytest.mark.parametrize("topic", [name for name, topic in TOPICS.items() if topic["words"]])
async def test_each_topic_is_picked_up(examplebot: Bot, topic: str) -> None:
    """An answer must have to do with what was said."""
    for word in TOPICS[topic]["words"]:
        (reply,) = await talk(examplebot, f"{topic}-{word}", [f"Well, {word}"])
        assert reply in TOPICS[topic]["open"], word


async def test_it_goes_on_after_a_restart_as_if_nothing_had_been(examplebot: Bot) -> None:
    """A rebuilt clone must remember the name, the topic, and what has been said."""
    whole = await talk(examplebot, "whole", CHAT)
    past = [
        turn
        for said, reply in zip(CHAT, whole, strict=True)
        for turn in (Turn(Speaker.USER, said), Turn(Speaker.SYSTEM, reply))
    ]

    replayed = [(await examplebot.reply(Request(f"part-{cut}", past[: 2 * cut + 1]))).text for cut in range(len(CHAT))]

    assert replayed == whole


async def test_its_seed_decides_among_lines(build: Callable[..., Bot], examplebot: Bot) -> None:
    """The same seed says the same, another seed something else."""
    same = build("--model internal:examplebot --examplebot-seed 0")
    other = build("--model internal:examplebot --examplebot-seed 1")
    replies = [await talk(bot, "seed", CHAT) for bot in (examplebot, same, other)]

    assert replies[0] == replies[1] != replies[2]


def test_its_lines_can_be_told_apart() -> None:
    """It recognises what it said by how a reply ends, so no line may end as another does."""
    lines = [
        line
        for topic in TOPICS.values()
        for kind in ("ask", "open", "more", "if_no", "me")
        for line in topic.get(kind, [])
    ]

    assert [line for line in lines if sum(other.endswith(line) for other in lines) > 1] == []


def test_every_line_can_be_said() -> None:
    """A kind of line that the program does not know, or that YAML reads as something else, would be lost."""
    kinds = {"words", "aside", "ask", "open", "more", "if_no", "me", "unclear", "bridge"}

    assert {key for topic in TOPICS.values() for key in topic} <= kinds


async def test_a_greeting_yields_to_the_topic_that_comes_with_it(examplebot: Bot) -> None:
    """Whoever says hello and tells of their dog wants to be asked about the dog."""
    [reply] = await talk(examplebot, "greeting", ["Hello! I had a long walk with my dog this morning."])

    lines = [line for kind in ("open", "more", "me") for line in TOPICS["pets"].get(kind, [])]
    assert reply.endswith(tuple(lines))


async def test_a_persona_is_not_taken_for_the_partner(examplebot: Bot) -> None:
    """It is told to every bot of a study, also to one that has a character of its own."""
    turns = (Turn(Speaker.USER, "bye"),)
    plain = await examplebot.reply(Request("plain", turns))

    told = await examplebot.reply(Request("told", turns, Context(bot_persona=("My name is Tom",))))

    assert told.text == plain.text
