"""Asking an endpoint, before anyone waits, whether it is there, takes the key, and has the model."""

import logging
from collections.abc import Sequence
from typing import Any

import openai
from openai import OpenAI

from chateval.bots.openai._client import blocking_client
from chateval.bots.openai._complaints import FAULTS, TooManyRequestsError, complaint
from chateval.bots.openai._key import ApiKey
from chateval.config import OpenAIBot, did_you_mean
from chateval.errors import HopelessBotError

logger = logging.getLogger(__name__)

CHECK_SECONDS = 10.0
_HAS_NO_LIST = {400, 404, 405, 501}
_NAMED = 10
"""How many models are named where ours is not among them."""
_TELLING = ("created", "max_model_len", "owned_by", "root")
_CHARACTERS = 200


def facts_about(spec: OpenAIBot, key: ApiKey) -> dict[str, str]:
    """What the endpoint says of the model, for the run's record.

    An endpoint without a list of models is fine. One whose list lacks the model is asked for a word, since some answer
    to names that they do not list.

    Raises:
        BotError: the endpoint cannot be reached, refuses the key, or does not have the model.
    """
    with blocking_client(spec, key.value, _patience(spec)) as client:
        models = _models(client, spec, key)
        for model in models or ():
            if getattr(model, "id", None) == spec.model:
                return _told_of(model)
        if models is not None:
            names = [model.id for model in models if isinstance(getattr(model, "id", None), str)]
            _ask_for_a_word(client, spec, key, names)
    return {}


def _patience(spec: OpenAIBot) -> float:
    return min(CHECK_SECONDS, spec.timeout_seconds)


def _models(client: OpenAI, spec: OpenAIBot, key: ApiKey) -> list[Any] | None:
    """The endpoint's list of models; None where it gives none that could be read."""
    try:
        models: Any = client.models.list().data
    except FAULTS as error:
        if isinstance(error, openai.APIStatusError) and error.status_code in _HAS_NO_LIST:
            return None
        if not isinstance(error, openai.APIError):
            return None
        told = complaint(error, spec, key, _patience(spec))
        if isinstance(told, TooManyRequestsError):
            logger.warning("%s Whether it has the model is not known yet.", told)
            return None
        raise told from None
    return models if isinstance(models, list) else None


def _ask_for_a_word(client: OpenAI, spec: OpenAIBot, key: ApiKey, names: Sequence[str]) -> None:
    word: list[Any] = [{"role": "user", "content": "Hi!"}]
    try:
        client.chat.completions.create(model=spec.model, messages=word, max_tokens=1)
    except openai.NotFoundError:
        listed = ", ".join(names[:_NAMED]) + (" and others" if len(names) > _NAMED else "")
        raise HopelessBotError(
            f"Bot {spec.name!r}: the endpoint {spec.url} has no model {spec.model!r}.{did_you_mean(spec.model, names)} "
            f"It has: {listed or 'none'}. Write one of these as model, or have the endpoint load it."
        ) from None
    except FAULTS as error:
        logger.info(
            "Bot %r: its model is not listed, and did not answer at once: %s", spec.name, complaint(error, spec, key)
        )


def _told_of(model: Any) -> dict[str, str]:
    """`root`, `max_model_len` and the like, as far as the endpoint tells them."""
    told = {name: getattr(model, name, None) for name in _TELLING}
    return {
        f"endpoint_{name}": str(value)[:_CHARACTERS] for name, value in told.items() if isinstance(value, str | int)
    }
