"""Contexts out of a ParlAI task: from its own generator of contexts where it has one, else from its dialogues.

A generator is a class `ContextGenerator` in the task's module whose `get_context()` gives what that of
blended_skill_talk gives: `context_dataset`, `persona_1_strings` and `persona_2_strings` (the person's and the bot's),
`additional_context`, `person1_seed_utterance` and `person2_seed_utterance`. It is asked for data of the test set, as
ParlAI's chats with people do it, so that no bot has learnt them by heart.
"""

import dataclasses
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from itertools import islice
from typing import Any

from chateval.compat import prepare_parlai
from chateval.config import BotRuntime
from chateval.dialogue import MOST_CHARACTERS, Context, Speaker, Turn, length_of
from chateval.errors import ConfigError
from chateval.openings._local_data import find_tasks_in, without_downloads

MOST_CONTEXTS = 1000
_MOST_DRAWS = 4 * MOST_CONTEXTS
_SEED = 0
"""ParlAI's own seed for its generators. In which order sessions get contexts is drawn elsewhere."""

_DATA_TYPES = ("test", "valid", "train:ordered")
_BOT_LINE, _PERSON_LINE = "your persona:", "partner's persona:"
_SILENCE = {"", "__SILENCE__", "__silence__"}
_KEYS = frozenset({"persona_1_strings", "persona_2_strings", "person1_seed_utterance", "person2_seed_utterance"})


def draw_contexts(task: str, runtime: BotRuntime) -> tuple[Context, ...]:
    """At most `MOST_CONTEXTS` different contexts of a task, the same ones each time.

    Raises:
        ConfigError: there is no such task, its data is not on this machine, or no context can be had from it.
    """
    try:
        prepare_parlai()
        find_tasks_in(runtime.task_dir)
        with without_downloads(task), redirect_stdout(io.StringIO()):
            contexts = tuple(_numbered(task, _drawn(task, runtime)))
    except ConfigError:
        raise
    except ModuleNotFoundError as error:
        raise ConfigError(f"ParlAI cannot load the task {task!r}: there is no module {error.name}.") from error
    except (Exception, SystemExit) as error:
        raise ConfigError(
            f"ParlAI cannot draw contexts from the task {task!r}: {type(error).__name__}: {error}. Look at its data in "
            f"{_options(runtime)['datapath']}, or name a file of contexts in conversation_start_mode."
        ) from error
    if not contexts:
        raise ConfigError(
            f"The ParlAI task {task!r} has no dialogue to begin with. Name another, or a file of contexts."
        )
    return contexts


def _drawn(task: str, runtime: BotRuntime) -> Iterable[Context]:
    generator = _generator(task, runtime)
    if generator is not None:
        first = generator.get_context()
        if isinstance(first, Mapping) and first.keys() >= _KEYS:
            return _of_generator(first, generator)
    return _of_dialogues(task, runtime)


def _numbered(task: str, contexts: Iterable[Context]) -> Iterator[Context]:
    """Each context once, under a number of its own; but for those that nobody would read to their end."""
    drawn = islice(contexts, _MOST_DRAWS)
    distinct = dict.fromkeys(context for context in drawn if length_of(context) <= MOST_CHARACTERS)
    for number, context in enumerate(islice(distinct, MOST_CONTEXTS), start=1):
        yield dataclasses.replace(context, id=f"{task}/{number}")


def _options(runtime: BotRuntime) -> dict[str, Any]:
    own = {name.replace("-", "_"): value for name, value in runtime.override_opt.items()}
    return {"datapath": str(runtime.datapath.absolute())} | own


# A generator


def _generator(task: str, runtime: BotRuntime) -> Any:
    """A task's own generator; None where it has none, or one that needs more than a study says."""
    from parlai.core.loader import load_task_module  # noqa: PLC0415  (takes seconds)
    from parlai.core.opt import Opt  # noqa: PLC0415

    kind = getattr(load_task_module(task), "ContextGenerator", None)
    try:
        return None if kind is None else kind(Opt(_options(runtime)), datatype="test", seed=_SEED)
    except (KeyError, TypeError):
        return None


def _of_generator(first: Mapping[str, Any], generator: Any) -> Iterator[Context]:
    yield _of_info(first)
    while True:
        yield _of_info(generator.get_context())


def _of_info(info: Mapping[str, Any]) -> Context:
    """Of what goes with the data sets, a bot is told the topic of wizard_of_wikipedia alone, as ParlAI does it."""
    dataset = info.get("context_dataset") or ""
    topic = info.get("additional_context") if dataset == "wizard_of_wikipedia" else None
    said = ((Speaker.USER, info["person1_seed_utterance"]), (Speaker.SYSTEM, info["person2_seed_utterance"]))
    return Context(
        person_persona=_stripped(info["persona_1_strings"]),
        bot_persona=_stripped(info["persona_2_strings"]),
        background=(topic or "").strip(),
        turns=tuple(Turn(speaker, text.strip()) for speaker, text in said if text and text.strip()),
        dataset=dataset,
    )


# Dialogues


def _of_dialogues(task: str, runtime: BotRuntime) -> Iterator[Context]:
    """What each dialogue of a task begins with, from the first set of its data that there is."""
    failed: Exception | None = None
    for datatype in _DATA_TYPES:
        try:
            found = list(islice(_beginnings(task, datatype, runtime), _MOST_DRAWS))
        except ZeroDivisionError:  # as ParlAI says that a set is empty
            continue
        except (OSError, LookupError, NotImplementedError, ValueError) as error:
            failed = failed or error
        else:
            if found:
                return iter(found)
    if failed is not None:
        raise failed
    return iter(())


def _beginnings(task: str, datatype: str, runtime: BotRuntime) -> Iterator[Context]:
    from parlai.core.params import ParlaiParser  # noqa: PLC0415  (takes seconds)
    from parlai.core.teachers import create_task_agent_from_taskname  # noqa: PLC0415

    parser = ParlaiParser(True, False)
    parser.set_params(**_options(runtime))
    [teacher] = create_task_agent_from_taskname(parser.parse_args(["--task", task, "--datatype", datatype]))
    begins = True
    while not teacher.epoch_done():
        message = teacher.act()
        if begins and (context := _of_message(task, message)) is not None:
            yield context
        begins = message.get("episode_done", True)


def _of_message(task: str, message: Mapping[str, Any]) -> Context | None:
    """A teacher's first message: personas, what is known, and what the person says; its label is the bot's answer."""
    lines = _stripped((message.get("text") or "").split("\n"))
    spoken = [line for line in lines if not line.startswith((_BOT_LINE, _PERSON_LINE))]
    labels = message.get("labels") or message.get("eval_labels") or ("",)
    said = ((Speaker.USER, spoken[-1] if spoken else ""), (Speaker.SYSTEM, str(labels[0]).strip()))
    topic = message.get("chosen_topic") or ""
    known = " ".join(spoken[:-1]) or message.get("situation") or topic
    context = Context(
        person_persona=_after(_PERSON_LINE, lines),
        bot_persona=_after(_BOT_LINE, lines),
        background=str(known).strip(),
        turns=tuple(Turn(speaker, text) for speaker, text in said if text not in {*_SILENCE, topic}),
        dataset=task,
    )
    return context if context != Context(dataset=task) else None


def _after(beginning: str, lines: Iterable[str]) -> tuple[str, ...]:
    return _stripped(line.removeprefix(beginning) for line in lines if line.startswith(beginning))


def _stripped(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, (text.strip() for text in texts)))
