"""Tiny checkpoints with random weights, saved as a researcher's would be."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from tokenizers import ByteLevelBPETokenizer

from chateval.bots import Bot, build_bot
from chateval.config import BotRuntime, TransformersBot

LINES = [
    "hello there, how are you doing today?",
    "i like cats and dogs, and long walks on the beach.",
    "what is your name? my name is alice and i live in a small town.",
    "the weather is nice, is it not? tell me more about your work.",
]
TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
PICTURE_TEMPLATE = (
    "{% for m in messages %}<|{{ m.role }}|>{% for part in m.content %}"
    "{{ '<image>' if part.type == 'image' else part.text }}{% endfor %}<|end|>{% endfor %}<|assistant|>"
)
VOCABULARY = 400
SPECIAL = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>", "<image>"]


def save_tokenizer(folder: Path, template: str | None = None) -> Any:
    """A byte-level BPE, trained here, of 400 tokens."""
    folder.mkdir(parents=True, exist_ok=True)
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(LINES * 20, vocab_size=VOCABULARY, special_tokens=SPECIAL, show_progress=False)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=trained._tokenizer,
        eos_token="<|end|>",
        pad_token="<|pad|>",
        extra_special_tokens=SPECIAL[2:5],
        model_max_length=10**9,
    )
    tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    return tokenizer


def save_model(folder: Path, kind: type, config: Any, **generation: object) -> Path:
    """A model whose weights vary enough for its replies to vary with what it is told."""
    torch.manual_seed(1)
    model = kind(config)
    for name, weights in model.named_parameters():
        if weights.dim() > 1:
            torch.nn.init.normal_(weights, std=0.3 if "embed" in name or "wte" in name or "shared" in name else 0.15)
    model.save_pretrained(folder)
    generation = {"suppress_tokens": unreadable(folder), "min_new_tokens": 2, **generation}
    transformers.GenerationConfig(**{"eos_token_id": 1, "pad_token_id": 0, **generation}).save_pretrained(folder)
    return folder


def unreadable(folder: Path) -> list[int]:
    """Tokens that are no words, but for the one that ends a reply."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    return [token for token in range(VOCABULARY) if token != 1 and not tokenizer.decode(token).strip().isalpha()]


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("checkpoints")


@pytest.fixture(scope="session")
def gpt2(checkpoints: Path) -> Path:
    """GPT-2, with no chat template."""
    save_tokenizer(checkpoints / "gpt2")
    config = transformers.GPT2Config(
        vocab_size=VOCABULARY, n_positions=256, n_embd=32, n_layer=2, n_head=4, bos_token_id=1, eos_token_id=1
    )
    return save_model(checkpoints / "gpt2", transformers.GPT2LMHeadModel, config)


@pytest.fixture(scope="session")
def llama(checkpoints: Path) -> Path:
    """Llama, with a chat template."""
    save_tokenizer(checkpoints / "llama", TEMPLATE)
    config = transformers.LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=512, bos_token_id=None, eos_token_id=1, pad_token_id=0,
    )  # fmt: skip
    return save_model(checkpoints / "llama", transformers.LlamaForCausalLM, config)


@pytest.fixture(scope="session")
def t5(checkpoints: Path) -> Path:
    save_tokenizer(checkpoints / "t5")
    config = transformers.T5Config(
        vocab_size=VOCABULARY, d_model=32, d_kv=8, d_ff=64, num_layers=2, num_heads=4, decoder_start_token_id=0,
        pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    return save_model(checkpoints / "t5", transformers.T5ForConditionalGeneration, config, decoder_start_token_id=0)


@pytest.fixture(scope="session")
def bart(checkpoints: Path) -> Path:
    save_tokenizer(checkpoints / "bart")
    config = transformers.BartConfig(
        vocab_size=VOCABULARY, d_model=32, encoder_layers=1, decoder_layers=1, encoder_attention_heads=4,
        decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=128,
        pad_token_id=0, bos_token_id=1, eos_token_id=1, decoder_start_token_id=1, forced_eos_token_id=None,
    )  # fmt: skip
    return save_model(checkpoints / "bart", transformers.BartForConditionalGeneration, config, decoder_start_token_id=1)


@pytest.fixture(scope="session")
def build(runtime: BotRuntime) -> Callable[..., Any]:
    """A bot from a checkpoint; greedy and of at most twelve tokens, unless it is said otherwise."""
    many = replace(runtime, max_concurrent_responses=64)

    def build(model: Path, pictures_dir: Path | None = None, **keys: Any) -> Bot:
        generation = {"max_new_tokens": 12} | keys.pop("generation", {})
        spec = TransformersBot("bot", model=str(model), device="cpu", generation=generation, **keys)
        return build_bot(spec, replace(many, pictures_dir=pictures_dir))

    return build


@cache
def loaded(folder: Path) -> tuple[Any, Any]:
    config = transformers.AutoConfig.from_pretrained(folder)
    kind = transformers.AutoModelForSeq2SeqLM if config.is_encoder_decoder else transformers.AutoModelForCausalLM
    return kind.from_pretrained(folder).eval(), transformers.AutoTokenizer.from_pretrained(folder)


def alone(folder: Path, text: str, **generation: Any) -> str:
    """What transformers itself says to one prompt, with nothing kept; greedy, and of twelve tokens."""
    model, tokenizer = loaded(folder)
    ids = tokenizer(text, add_special_tokens=False, return_tensors="pt")["input_ids"]
    options = {"max_new_tokens": 12, "do_sample": False, **generation}
    with torch.inference_mode():
        written = model.generate(ids, attention_mask=torch.ones_like(ids), **options)[0]
    said: str = tokenizer.decode(written if model.config.is_encoder_decoder else written[ids.shape[1] :])
    for token in SPECIAL:
        said = said.replace(token, "")
    return said.strip()


@pytest.fixture(scope="session")
def said_alone() -> Callable[..., str]:
    return alone


@pytest.fixture(scope="session")
def in_words() -> Callable[..., str]:
    """A dialogue as each checkpoint wants it."""

    def write(model: str, *texts: str) -> str:
        if model == "gpt2":
            return "".join(f"{('User', 'Bot')[n % 2]}: {text}\n" for n, text in enumerate(texts)) + "Bot:"
        if model == "llama":
            roles = ("user", "assistant")
            return "".join(f"<|{roles[n % 2]}|>{text}<|end|>" for n, text in enumerate(texts)) + "<|assistant|>"
        return "\n".join(texts)

    return write


@pytest.fixture(scope="session")
def llava(checkpoints: Path) -> Path:
    """LLaVA, which sees pictures of 16 times 16 points as four patches."""
    folder = checkpoints / "llava"
    tokenizer = save_tokenizer(folder, PICTURE_TEMPLATE)
    vision = transformers.CLIPVisionConfig(
        hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, image_size=16, patch_size=8
    )
    text = transformers.LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=512, bos_token_id=None, eos_token_id=1, pad_token_id=0,
    )  # fmt: skip
    config = transformers.LlavaConfig(
        vision_config=vision, text_config=text, image_token_index=SPECIAL.index("<image>")
    )
    processor = transformers.LlavaProcessor(
        image_processor=transformers.CLIPImageProcessor(
            size={"shortest_edge": 16}, crop_size={"height": 16, "width": 16}
        ),
        tokenizer=tokenizer,
        patch_size=8,
        vision_feature_select_strategy="default",
        chat_template=PICTURE_TEMPLATE,
        num_additional_image_tokens=1,
    )
    processor.save_pretrained(folder)
    return save_model(folder, transformers.LlavaForConditionalGeneration, config)
