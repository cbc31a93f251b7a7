import asyncio
import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chateval.bots import Bot, Request, build_bots
from chateval.config import BotRuntime, ParlAIBot
from chateval.dialogue import Turn
from chateval.errors import BotError, MissingDependencyError

from .parlai_models import talk

Build = Callable[..., Bot]
Turns = Callable[..., list[Turn]]


async def test_options_are_read_as_a_shell_reads_them(build: Build, turns: Turns) -> None:
    """A quoted value may hold spaces; ParlAI's manner of writing replies makes it a sentence."""
    bot = build('--model fixed_response --fixed-response "hello there , you"')

    assert (await bot.reply(Request("d", turns("hi")))).text == "Hello there, you"


async def test_options_of_one_bot_do_not_reach_another(build: Build, turns: Turns, runtime: BotRuntime) -> None:
    """ParlAI keeps some of them in the environment; two bots of a study must not mix."""
    build(f"--model fixed_response --fixed-response one --batchsize 7 --datapath {runtime.task_dir}")
    second = build("--model fixed_response")

    assert (await second.reply(Request("d", turns("hi")))).text == "I don't know."
    assert second._shared["opt"]["batchsize"] == 1
    assert second._shared["opt"]["datapath"] == str(runtime.datapath)


def test_run_wide_options_stand_in_for_defaults(build: Build) -> None:
    """A bot's own option says more than one that is meant for all."""
    changes = {"override_opt": {"batchsize": 3, "fixed-response": "all"}, "model_parallel": True}
    opt = build("--model fixed_response --fixed-response own", **changes)._shared["opt"]

    assert (opt["batchsize"], opt["fixed_response"], opt["model_parallel"]) == (3, "own", True)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("--model fixed_response --fixed-respons x", "'--fixed-respons' is unknown; did you mean --fixed-response"),
        ("--model fixed_response --batchsize many", "invalid int value: 'many'"),
        (
            "--model fixed_response --fixed-respons x --batchsiz 3 --zzz",
            "mean --fixed-response? '--batchsiz' is unknown; did you mean --batchsize? '--zzz' is unknown. Its agent",
        ),
        ("--model fixed_response stray", "'stray' is unknown"),
        ("--model transformer/generator --no-cuda true", "'--no-cuda' takes no value, and 'true' follows it"),
        ("--model fixed_response --help", "is no option of a bot"),
        ("--model fixed_response --fixed-response 'x", "No closing quotation"),
        ("--batchsize 2", "neither --model nor --model-file"),
        ("--model-file /nowhere/model", "the model file /nowhere/model does not exist"),
        ("--model fixed_respons", "ParlAI has no parlai.agents.fixed_respons. Did you mean fixed_response?"),
        (
            "--model internal:nobody",
            "Agents in parlai_internal/agents: crowded, examplebot, listener, looker, needy, sized",
        ),
        ("--model-file zoo:nobody/model", "Could not find pretrained model"),
    ],
)
def test_a_mistake_in_the_options_is_explained(build: Build, options: str, reason: str) -> None:
    """At the start of a run, by a sentence, and never by ending the program."""
    with pytest.raises(BotError) as caught:
        build(options, name="mine")

    assert "'mine'" in str(caught.value)
    assert reason in str(caught.value)


def test_a_missing_package_is_answered_with_its_install_command(build: Build) -> None:
    """An agent of one's own may need anything."""
    with pytest.raises(MissingDependencyError, match="pip install a_package_that_is_nowhere"):
        build("--model internal:needy")


async def test_an_agent_of_the_project_is_found_with_its_helpers(listener: Bot, turns: Turns) -> None:
    """`internal:listener` is looked up in the study's `task_dir`, and no PYTHONPATH is set."""
    assert (await listener.reply(Request("found", turns("hi")))).text == "1: hi"


async def test_dialogues_do_not_share_their_history(listener: Bot, turns: Turns) -> None:
    """What one worker says must never show up in what another reads."""
    await listener.reply(Request("mine", turns("secret")))

    assert (await listener.reply(Request("yours", turns("hi")))).text == "1: hi"


async def test_a_clone_is_told_each_turn_once(listener: Bot, turns: Turns) -> None:
    """So that a turn costs the same however long the dialogue is."""
    first = (await listener.reply(Request("once", turns("hi")))).text

    assert (await listener.reply(Request("once", turns("hi", first, "you")))).text == "3: hi <1> you"


async def test_a_clone_made_anew_knows_what_was_said(listener: Bot, turns: Turns) -> None:
    """After a restart the bot goes on where it was."""
    first = (await listener.reply(Request("again", turns("hi")))).text
    kept = (await listener.reply(Request("again", turns("hi", first, "you")))).text
    listener.forget("again")

    assert (await listener.reply(Request("again", turns("hi", first, "you")))).text == kept


async def test_another_past_makes_a_new_clone(listener: Bot, turns: Turns) -> None:
    """Where a reply was never shown to the person, the bot must not believe that it was."""
    await listener.reply(Request("past", turns("hi")))

    assert (await listener.reply(Request("past", turns("hi", "unlike", "you")))).text == "3: hi <unlike> you"


async def test_a_reply_that_failed_can_be_asked_for_again(listener: Bot, turns: Turns) -> None:
    """The clone that broke is thrown away."""
    first = (await listener.reply(Request("retry", turns("hi")))).text
    with pytest.raises(BotError, match="'bot' broke: RuntimeError: out of memory"):
        await listener.reply(Request("retry", turns("hi", first, "break")))

    assert (await listener.reply(Request("retry", turns("hi", first, "you")))).text == "3: hi <1> you"


async def test_an_agent_cannot_end_the_program(listener: Bot, turns: Turns) -> None:
    """Some call `sys.exit` when they are at a loss."""
    with pytest.raises(BotError, match="SystemExit: 3"):
        await listener.reply(Request("exit", turns("exit")))


async def test_an_empty_reply_is_an_error(listener: Bot, turns: Turns) -> None:
    """Untrained models give many."""
    with pytest.raises(BotError, match="'bot' gave an empty reply"):
        await listener.reply(Request("empty", turns("nothing")))


async def test_agents_run_beside_the_event_loop(listener: Bot, turns: Turns) -> None:
    """A model that computes for seconds must not stop other sessions."""
    assert (await listener.reply(Request("thread", turns("thread")))).text == "Chateval-bot-bot"


async def test_a_dialogue_forgotten_while_the_bot_answers_stays_forgotten(listener: Bot, turns: Turns) -> None:
    """Or a long run would pile up clones."""
    answer = listener.reply(Request("gone", turns("hi")))
    answer.send(None)
    listener.forget("gone")
    answer.close()

    assert "gone" not in listener._conversations


async def test_bots_of_a_run_share_their_places(runtime: BotRuntime) -> None:
    """`max_concurrent_responses` holds for the run, as in ParlAI."""
    specs = [ParlAIBot(name, "--model internal:crowded") for name in ("a", "b")]
    bots = build_bots(specs, replace(runtime, max_concurrent_responses=1))

    replies = await asyncio.gather(*(talk(bot, str(number), ["hi"]) for bot in bots.values() for number in range(3)))

    assert replies == [["I am alone"]] * 6


@pytest.mark.parametrize("order", [("plain", "special"), ("special", "plain")])
def test_bots_have_options_of_their_own(runtime: BotRuntime, order: tuple[str, str]) -> None:
    """In whichever order they are loaded: what one of them says of itself must hold for it alone."""
    options = {"plain": "--model fixed_response", "special": "--model fixed_response --batchsize 7 --fixed-response x"}
    environment, override = dict(os.environ), {"beam_size": 3}
    specs = [ParlAIBot(name, options[name]) for name in order]
    bots: Any = build_bots(specs, replace(runtime, override_opt=override))

    opts = {name: bot._shared["opt"] for name, bot in bots.items()}
    assert [opts[name]["batchsize"] for name in ("plain", "special")] == [1, 7]
    assert [opts[name]["fixed_response"] for name in ("plain", "special")] == ["I don't know.", "x"]
    assert opts["plain"] is not opts["special"]
    assert opts["plain"]["override"] is not opts["special"]["override"]
    assert dict(os.environ) == environment
    assert override == {"beam_size": 3}


def test_a_bots_options_win_over_those_stored_with_its_model(build: Build, model_file: Path) -> None:
    """However they are written, and the run's stand in for what is stored."""
    bot: Any = build(f"--model-file {model_file} --history-size=3 --beam-size 2", override_opt={"beam_min_length": 5})
    opt = bot._shared["opt"]

    assert (opt["history_size"], opt["beam_size"], opt["beam_min_length"]) == (3, 2, 5)
    assert (opt["datatype"], opt["skip_generation"]) == ("valid", False)


def test_a_model_without_weights_of_its_own_is_the_same_each_time(build: Build, gpt2: Path) -> None:
    """GPT-2 draws vectors for ParlAI's tokens: two replicas of a bot, or two runs, must not differ by them."""
    bots: Any = [build(f"--model hugging_face/gpt2 --model-name {gpt2}") for _ in range(2)]
    weights = [bot._shared["model"].decoder.transformer.wte.weight for bot in bots]

    assert weights[0] is not weights[1]
    assert weights[0].equal(weights[1])


def test_identity_tells_which_code_it_was(listener: Bot, project: Path) -> None:
    """Data is worth little if nobody can tell what produced it."""
    source = Path("parlai_internal/agents/listener/listener.py")
    identity = listener.identity()

    assert identity["options"] == "--model internal:listener"
    assert identity["source_file"] == source.as_posix()
    assert identity["source_sha256"] == hashlib.sha256((project / source).read_bytes()).hexdigest()
    assert identity["parlai"] == "1.7.2"


def test_identity_changes_with_any_file_of_an_agent(build: Build, project: Path) -> None:
    """An agent's lines may stand in a file beside its code."""
    before = build("--model internal:listener").identity()
    project.joinpath("parlai_internal/agents/listener/lines.txt").write_text("new", encoding="utf-8")
    after = build("--model internal:listener").identity()

    assert before["source_sha256"] == after["source_sha256"]
    assert before["folder_sha256"] != after["folder_sha256"]


def test_identity_has_the_model_and_all_that_belongs_to_it(build: Build, model_file: Path, gpt2: Path) -> None:
    """Weights, options and dictionary lie in files of their own, and each can be changed."""
    identity = build(f"--model-file {model_file}").identity()

    assert identity["model_file_sha256"] == hashlib.sha256(model_file.read_bytes()).hexdigest()
    assert {"model_opt_sha256", "model_dict_sha256"} <= identity.keys()
    assert "model_name_sha256" in build(f"--model hugging_face/gpt2 --model-name {gpt2}").identity()


async def test_parlai_is_quiet(
    build: Build, turns: Turns, model_file: Path, gpt2: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The terminal belongs to the live view of the run."""
    for options in ("-m fixed_response", f"-mf {model_file}", f"-m hugging_face/gpt2 --model-name {gpt2}"):
        await build(options).reply(Request("d", turns("hello")))

    assert capfd.readouterr() == ("", "")
