"""Bots that are checkpoints of the transformers library."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta
from omegaconf import MISSING

from chateval.config._nearest import did_you_mean
from chateval.config._rules import Flag, Lines, Options, Positive, SomeText, Text, Whole
from chateval.config.bots._generation import faults_of_generation
from chateval.config.bots._terms import BotTerms, Fault, Surroundings

Architecture = Annotated[
    Literal["auto", "causal", "seq2seq", "image_text"], Meta(description="one of auto, causal, seq2seq, image_text")
]
Dtype = Annotated[
    Literal["auto", "float32", "float16", "bfloat16"], Meta(description="one of auto, float32, float16, bfloat16")
]
Device = Annotated[
    str, Meta(pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$", description="one of auto, cpu, mps, cuda, or as in cuda:1")
]
DeviceMap = Annotated[
    str | dict[str, Any], Meta(description="auto, balanced, sequential, or a mapping of modules to devices")
]
Batching = Annotated[Literal["padded", "continuous"], Meta(description="one of padded, continuous")]
GiB = Annotated[float, Meta(ge=0, le=10_000, description="a number of GiB, 0 or more")]
Window = Annotated[int, Meta(ge=0, le=100_000_000, description="a number of tokens, 0 or more")]

_HUB_NAME = re.compile(r"^[\w-][\w.-]*(/[\w-][\w.-]*)?$")


@dataclass(frozen=True)
class TransformersBot(BotTerms):
    """A causal or sequence-to-sequence model, from a folder or from the Hugging Face hub."""

    name: str
    model: SomeText = MISSING
    """The checkpoint: a folder, which may be relative to this file's, or a name on the hub. Needed."""
    revision: Text = ""
    """The branch, tag or commit of a model on the hub. Default: its main branch."""
    download: Flag = False
    """Whether a model that is not on this machine yet may be fetched from the hub. Default: false."""
    trust_remote_code: Flag = False
    """Whether code that comes with the checkpoint may run here, with all that you may do. Default: false."""
    architecture: Architecture = "auto"
    """causal, seq2seq, or image_text for one that sees pictures. Default: auto, by the checkpoint's own config."""
    device: Device = "auto"
    """Where it computes. Default: auto, a GPU where there is one."""
    device_map: DeviceMap = ""
    """How its modules are spread over several devices, as accelerate's. Default: all on one `device`."""
    dtype: Dtype = "auto"
    """The numbers that it computes with. Default: auto, those that the checkpoint is stored in."""
    quantization: Options = field(default_factory=dict[str, Any])
    """Values for transformers' quantization config, `quant_method` among them. Default: as the checkpoint is stored."""
    load_options: Options = field(default_factory=dict[str, Any])
    """Further options of `from_pretrained`, as `attn_implementation`. Default: none."""
    system_prompt: Text = ""
    """What the model is told before the dialogue. Default: nothing."""
    chat_template: Text = ""
    """A file with a Jinja template. Default: the checkpoint's, or a plain one where it has none."""
    template_options: Options = field(default_factory=dict[str, Any])
    """Values for the names that the template knows, as `enable_thinking`. Default: none."""
    generation: Options = field(default_factory=dict[str, Any])
    """Values for the model's generation config, as `max_new_tokens: 60`. Default: those of the checkpoint."""
    stop: Lines = ()
    """Texts at which a reply ends; they are not part of it. Default: none; of a plain template, the names of both."""
    seed: Whole = 0
    """What sampling draws from, with the dialogue, the turn and the attempt. Default: 0."""
    context_tokens: Window = 0
    """How many tokens prompt and reply may take together. Default: 0, what the checkpoint says of itself."""
    batching: Batching = "padded"
    """padded, or continuous: whether a request joins replies that are being generated already. Default: padded."""
    continuous_options: Options = field(default_factory=dict[str, Any])
    """Values for transformers' config of continuous batching, as `num_blocks: 1000`. Default: its own."""
    max_batch: Positive = 64
    """How many replies are generated at once, at most. Default: 64."""
    prefix_cache_gib: GiB = 4
    """How much memory may hold what was computed for dialogues that go on, in GiB; 0 keeps nothing. Default: 4."""

    def faults(self, surroundings: Surroundings) -> Iterator[Fault]:
        yield from self._faults_of_files(surroundings.folder)
        if self.device_map and self.device != "auto":
            text = f"device is {self.device}, and a device_map spreads the model over devices. Remove one of the two."
            yield Fault("device_map", text)
        if self.continuous_options and self.batching != "continuous":
            yield Fault("continuous_options", "They count with batching: continuous only. Write that, or remove them.")
        for name in self.load_options:
            if name in _OWN_KEYS:
                yield Fault(f"load_options.{name}", f"{name} has a key of its own. Write {_OWN_KEYS[name]}.")
        quantization = self.quantization
        if quantization and not {"quant_method", "load_in_4bit", "load_in_8bit"} & quantization.keys():
            near = did_you_mean(next(iter(quantization)), ["quant_method"])
            yield Fault("quantization", f"There is no quant_method.{near} Write one, as quant_method: torchao.")
        yield from faults_of_generation(self.generation)

    def beside(self, folder: Path) -> "TransformersBot":
        """The same with paths that no longer depend on where its file is."""
        model, template = folder / Path(self.model).expanduser(), folder / Path(self.chat_template).expanduser()
        return replace(
            self,
            model=str(model.absolute()) if model.is_dir() else self.model,
            chat_template=str(template.absolute()) if self.chat_template else "",
        )

    def _faults_of_files(self, folder: Path) -> Iterator[Fault]:
        model = folder / Path(self.model).expanduser()
        if model.is_dir():
            if not (model / "config.json").is_file():
                yield Fault("model", f"{model} holds no config.json, so it is no checkpoint. Name a folder that does.")
        elif not _HUB_NAME.match(self.model):
            text = f"There is no folder {model}, and {self.model!r} is no name on the hub."
            yield Fault("model", f"{text} Name a folder with a checkpoint.")
        if self.chat_template and not (folder / Path(self.chat_template).expanduser()).is_file():
            text = f"There is no file {folder / self.chat_template}. Put the template there, or remove the key."
            yield Fault("chat_template", text)


_OWN_KEYS = {
    "revision": "revision:, beside load_options",
    "trust_remote_code": "trust_remote_code:, beside load_options",
    "device_map": "device_map:, beside load_options",
    "dtype": "dtype:, beside load_options",
    "torch_dtype": "dtype:, beside load_options",
    "quantization_config": "quantization:, beside load_options",
    "local_files_only": "download:, beside load_options; it is false unless you say otherwise",
    "load_in_8bit": "quantization: {load_in_8bit: true}, beside load_options",
    "load_in_4bit": "quantization: {load_in_4bit: true}, beside load_options",
}
