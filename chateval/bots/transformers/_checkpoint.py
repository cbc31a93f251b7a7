"""Checkpoints, loaded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from transformers.models.auto import modeling_auto

from chateval.bots.transformers._generation import generation_config
from chateval.bots.transformers._plain import CAUSAL_TEMPLATE, SEQ2SEQ_TEMPLATE, STOPS
from chateval.bots.transformers._quantization import quantization_config
from chateval.config import TransformersBot
from chateval.errors import BotError, MissingDependencyError

ENDLESS = 10**6
"""Tokenizers that know no limit name a length beyond this."""


@dataclass(frozen=True)
class Checkpoint:
    """A model in memory, and what belongs to it."""

    model: Any
    tokenizer: Any
    processor: Any | None
    """What turns pictures into numbers; None where the model reads only."""
    template: str
    is_plain: bool
    """Whether the template is ours, for want of the checkpoint's own."""
    generation: Any
    stops: tuple[str, ...]
    window: int
    """How many tokens of a dialogue it takes, those of the reply included unless `is_seq2seq`; 0 is no limit."""

    @property
    def is_seq2seq(self) -> bool:
        return bool(self.model.config.is_encoder_decoder)

    @property
    def room(self) -> int:
        """How many tokens a prompt may have; 0 is no limit."""
        reply = 0 if self.is_seq2seq else self.generation.max_new_tokens
        return self.window - reply if self.window else 0


def load_checkpoint(spec: TransformersBot) -> Checkpoint:
    """Load model, tokenizer and, for a model that sees, its processor.

    Raises:
        BotError: there is no such checkpoint, or it cannot be loaded as described.
    """
    config = _config(spec)
    kind = _kind(spec, config)
    processor = _processor(spec) if kind == "image_text" else None
    tokenizer = processor.tokenizer if processor is not None else _tokenizer(spec)
    model = _model(spec, config, kind)
    generation = generation_config(spec, model)
    own = getattr(processor, "chat_template", None) or tokenizer.chat_template
    plain = SEQ2SEQ_TEMPLATE if kind == "seq2seq" else CAUSAL_TEMPLATE
    template = Path(spec.chat_template).read_text(encoding="utf-8") if spec.chat_template else _default_of(own)
    stops = spec.stop or tuple(model.generation_config.stop_strings or ())
    model.generation_config = type(generation)()  # it would fill what ours leaves open
    checkpoint = Checkpoint(
        model=model,
        tokenizer=tokenizer,
        processor=processor,
        template=template or plain,
        is_plain=not template,
        generation=generation,
        stops=stops if template or kind == "seq2seq" else (*stops, *STOPS),
        window=spec.context_tokens or _window(config, tokenizer),
    )
    if checkpoint.window and checkpoint.room <= 0:
        raise BotError(
            f"Bot {spec.name!r}: a reply of max_new_tokens {generation.max_new_tokens} leaves no room for the dialogue "
            f"in the model's window of {checkpoint.window} tokens. Lower max_new_tokens under generation."
        )
    return checkpoint


def device_of(spec: TransformersBot) -> str:
    """Where to compute.

    Raises:
        BotError: there is no such device.
    """
    if spec.device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if spec.device.startswith("cuda") and not torch.cuda.is_available():
        raise BotError(f"Bot {spec.name!r}: device is {spec.device}, and PyTorch finds no GPU here. Write device: cpu.")
    if spec.device == "mps" and not torch.backends.mps.is_available():
        raise BotError(f"Bot {spec.name!r}: device is mps, which this machine does not have. Write device: cpu.")
    return spec.device


def _source(spec: TransformersBot) -> dict[str, Any]:
    return {
        "pretrained_model_name_or_path": spec.model,
        "revision": spec.revision or "main",
        "local_files_only": not spec.download,
        "trust_remote_code": spec.trust_remote_code,
    }


def _config(spec: TransformersBot) -> Any:
    try:
        return transformers.AutoConfig.from_pretrained(**_source(spec))
    except OSError as error:
        if Path(spec.model).is_dir():
            raise BotError(f"Bot {spec.name!r}: {spec.model} cannot be read: {error}") from error
        remedy = (
            "Check its name and the network."
            if spec.download
            else "Name a folder that holds it, fetch it beforehand (hf download), or write download: true."
        )
        raise BotError(
            f"Bot {spec.name!r}: the model {spec.model!r} is neither a folder nor in the hub's cache on this machine. "
            f"{remedy}"
        ) from error


def _kind(spec: TransformersBot, config: Any) -> str:
    """causal, seq2seq, or image_text."""
    if spec.architecture != "auto":
        return spec.architecture
    if type(config) in modeling_auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING and config.is_encoder_decoder:
        return "seq2seq"
    names = modeling_auto.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES
    seeing = names.get(config.model_type)
    reading = modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.get(config.model_type)
    if seeing is not None and (reading is None or seeing in (config.architectures or ())):
        return "image_text"
    if reading is None and not hasattr(config, "auto_map"):
        raise BotError(
            f"Bot {spec.name!r}: {spec.model} is a {config.model_type!r} model, which writes no replies. "
            "Name a causal, a sequence-to-sequence or an image-text-to-text model."
        )
    return "causal"


def _tokenizer(spec: TransformersBot) -> Any:
    tokenizer = transformers.AutoTokenizer.from_pretrained(**_source(spec))
    tokenizer.truncation_side = "left"
    return tokenizer


def _processor(spec: TransformersBot) -> Any:
    try:
        processor = transformers.AutoProcessor.from_pretrained(**_source(spec))
    except ImportError as error:
        raise MissingDependencyError(
            f"Bot {spec.name!r} sees pictures, for which a package is missing: {error}"
        ) from error
    processor.tokenizer.padding_side = "left"
    return processor


def _model(spec: TransformersBot, config: Any, kind: str) -> Any:
    factories = {
        "causal": transformers.AutoModelForCausalLM,
        "seq2seq": transformers.AutoModelForSeq2SeqLM,
        "image_text": transformers.AutoModelForImageTextToText,
    }
    device = device_of(spec)
    options = dict(spec.load_options) | {"dtype": spec.dtype, "config": config, "output_loading_info": True}
    if spec.quantization:
        options["quantization_config"] = quantization_config(spec)
    if spec.device_map:
        options["device_map"] = spec.device_map
    elif spec.quantization or device != "cpu":
        options["device_map"] = {"": device}
    try:
        model, loading = factories[kind].from_pretrained(**_source(spec), **options)
    except ImportError as error:
        raise MissingDependencyError(f"Bot {spec.name!r}: {spec.model} needs a package: {error}") from error
    missing = sorted(loading["missing_keys"])
    if missing:
        raise BotError(
            f"Bot {spec.name!r}: {spec.model} holds no weights for {len(missing)} parts of a {kind} model, as "
            f"{missing[0]}, which would be random. Name a checkpoint that was trained for this, or its architecture."
        )
    return model.eval()


def _default_of(templates: Any) -> str:
    """The template to chat by: some checkpoints have several, by name."""
    return str(templates.get("default", "")) if isinstance(templates, dict) else templates or ""


def _window(config: Any, tokenizer: Any) -> int:
    stated = getattr(config.get_text_config(), "max_position_embeddings", None)
    if stated is None and tokenizer.model_max_length < ENDLESS:
        stated = tokenizer.model_max_length
    return int(stated or 0)
