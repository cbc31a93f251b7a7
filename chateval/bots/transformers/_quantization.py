"""Weights in fewer bits."""

from typing import Any

from transformers.quantizers.auto import AUTO_QUANTIZATION_CONFIG_MAPPING, AutoQuantizationConfig

from chateval.config import TransformersBot
from chateval.errors import BotError, MissingDependencyError


def quantization_config(spec: TransformersBot) -> Any:
    """What transformers makes of the values.

    Raises:
        BotError: it knows no such method, or the values do not fit it.
        MissingDependencyError: the method's package is not installed.
    """
    values = dict(spec.quantization)
    method = values.get("quant_method")
    known = sorted({name.removesuffix("_4bit").removesuffix("_8bit") for name in AUTO_QUANTIZATION_CONFIG_MAPPING})
    if method is not None and method not in {*known, *AUTO_QUANTIZATION_CONFIG_MAPPING}:
        raise BotError(
            f"Bot {spec.name!r}: there is no quant_method {method!r}. Transformers knows: {', '.join(known)}."
        )
    if method == "bitsandbytes" and not values.get("load_in_4bit") and not values.get("load_in_8bit"):
        raise BotError(f"Bot {spec.name!r}: bitsandbytes needs load_in_4bit: true or load_in_8bit: true.")
    try:
        return AutoQuantizationConfig.from_dict(values)
    except ImportError as error:
        raise MissingDependencyError(f"Bot {spec.name!r}: its quantization needs a package: {error}") from error
    except (TypeError, ValueError) as error:
        raise BotError(f"Bot {spec.name!r}: the quantization {spec.quantization} cannot be used: {error}") from error
