"""Making a bot that asks an endpoint."""

import json
from collections.abc import Mapping

from chateval.bots._bot import Bot
from chateval.bots._means import Means
from chateval.config import OpenAIBot
from chateval.errors import MissingDependencyError


def build_openai_bot(spec: OpenAIBot, means: Means) -> Bot:
    """A bot that asks the endpoint of `spec`, which has to be there.

    Raises:
        MissingDependencyError: the official client is not installed.
        HopelessBotError: there is no key, or the endpoint refuses it or does not have the model.
        BotError: the endpoint cannot be reached.
    """
    try:
        import openai  # noqa: PLC0415  (a second, and for these bots alone)
    except ImportError as error:
        raise MissingDependencyError(
            f"Bot {spec.name!r} needs the package openai, which is not installed. Install it with: "
            "pip install 'chateval[openai]'"
        ) from error
    from chateval.bots.openai._bot import EndpointBot  # noqa: PLC0415
    from chateval.bots.openai._key import key_of  # noqa: PLC0415
    from chateval.bots.openai._line import Line  # noqa: PLC0415
    from chateval.bots.openai._pace import Pace  # noqa: PLC0415
    from chateval.bots.openai._pictures import PictureShelf  # noqa: PLC0415
    from chateval.bots.openai._presence import facts_about  # noqa: PLC0415

    key = key_of(spec)
    facts = facts_about(spec, key)
    pace = Pace(spec.requests_per_minute, spec.tokens_per_minute)
    line = Line(spec.name, pace, spec.max_concurrent_requests, means.turnstile)
    folder = means.runtime.pictures_dir
    shelf = PictureShelf(folder) if folder is not None else None
    about = {**_identity(spec, openai.__version__), **facts}
    return EndpointBot(spec, key, pace=pace, line=line, shelf=shelf, about=about)


def _identity(spec: OpenAIBot, version: str) -> Mapping[str, str]:
    return {
        "kind": "openai",
        "model": spec.model,
        "base_url": spec.url,
        "system_prompt": spec.system_prompt,
        "options": json.dumps(spec.options, sort_keys=True),
        "extra_body": json.dumps(spec.extra_body, sort_keys=True),
        "images": str(spec.images).lower(),
        "usd_per_million": json.dumps(
            {
                "input": spec.input_usd_per_million,
                "cached": spec.cached_usd_per_million,
                "output": spec.output_usd_per_million,
            }
        ),
        "client": f"openai {version}",
    }
