"""From an option string to a bot."""

import pkgutil
from difflib import get_close_matches
from typing import Any

from chateval.bots._means import Means
from chateval.bots.parlai._agents import find_agents_in, internal_agents
from chateval.bots.parlai._bot import AgentBot
from chateval.bots.parlai._identity import identity_of
from chateval.bots.parlai._options import parse_options
from chateval.bots.parlai._pictures import PictureLoader
from chateval.compat import prepare_parlai
from chateval.config import BotRuntime, ParlAIBot
from chateval.errors import BotError, MissingDependencyError


def build_parlai_bot(spec: ParlAIBot, means: Means) -> AgentBot:
    """Load the agent that the options describe.

    Raises:
        BotError: the options are wrong, or the agent does not load.
    """
    runtime = means.runtime
    try:
        prepare_parlai()
        find_agents_in(runtime.task_dir)
        agent = _load(spec, runtime)
        pictures = PictureLoader.made_for(spec, agent, runtime.pictures_dir)
    except BotError:
        raise
    except ModuleNotFoundError as error:
        raise _missing(spec, runtime, error) from error
    except ImportError as error:
        raise _not_importable(spec, error) from error
    except (Exception, SystemExit) as error:
        raise BotError(
            f"Bot {spec.name!r} cannot be built from the options {spec.options!r}: {type(error).__name__}: {error}"
        ) from error
    return AgentBot(spec, agent, means, pictures, identity_of(spec, runtime, agent))


def _load(spec: ParlAIBot, runtime: BotRuntime) -> Any:
    """Weights that an agent does not find and so draws, as GPT-2 does for tokens of its own, are the same each time."""
    import torch  # noqa: PLC0415  (takes seconds)
    from parlai.core.agents import create_agent  # noqa: PLC0415  (takes seconds)

    with torch.random.fork_rng():
        torch.manual_seed(0)
        return create_agent(parse_options(spec, runtime), requireModelExists=True)


def _missing(spec: ParlAIBot, runtime: BotRuntime, error: ModuleNotFoundError) -> BotError:
    """What to say of a module that is not there: ours to name, ParlAI's, or another package's."""
    name = error.name or str(error)
    if name.startswith("parlai_internal"):
        there = ", ".join(internal_agents(runtime.task_dir)) or "none"
        return BotError(
            f"Bot {spec.name!r} cannot be built from the options {spec.options!r}: there is no {name}. "
            f"Agents in parlai_internal/agents: {there}."
        )
    if name.startswith("parlai."):
        import parlai.agents  # noqa: PLC0415  (takes seconds)

        known = [module.name for module in pkgutil.iter_modules(parlai.agents.__path__)]
        near = get_close_matches(name.rpartition(".")[2], known)
        hint = f" Did you mean {' or '.join(near)}?" if near else " An agent of your own is named internal:<name>."
        return BotError(
            f"Bot {spec.name!r} cannot be built from the options {spec.options!r}: ParlAI has no {name}.{hint}"
        )
    return _not_installed(spec, name.partition(".")[0])


def _not_importable(spec: ParlAIBot, error: ImportError) -> BotError:
    """ParlAI's agents say by an `ImportError` of their own that a package is not there."""
    package = (getattr(error.__context__, "name", None) or "parlai").partition(".")[0]
    if isinstance(error.__context__, ModuleNotFoundError) and package != "parlai":
        return _not_installed(spec, package)
    return BotError(f"Bot {spec.name!r} cannot be built from the options {spec.options!r}: {error}")


def _not_installed(spec: ParlAIBot, package: str) -> BotError:
    command = "'chateval[transformers]'" if package == "transformers" else package
    return MissingDependencyError(
        f"Bot {spec.name!r} needs the package {package!r}, which is not installed. Install it: pip install {command}"
    )
