"""Checkpoints that load, and those that do not."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import transformers

from chateval.bots import build_bot
from chateval.config import BotRuntime, TransformersBot
from chateval.config.bots._generation import OFFERED
from chateval.errors import BotError, MissingDependencyError

Build = Callable[..., Any]


def test_a_model_that_is_not_on_this_machine_is_not_fetched_unasked(runtime: BotRuntime) -> None:
    """A launch must not begin with gigabytes, nor wait for a network that is not there."""
    with pytest.raises(BotError, match=r"'nobody/nothing' is neither a folder nor in the hub's cache.*download: true"):
        build_bot(TransformersBot("bot", model="nobody/nothing"), runtime)


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        (
            {"generation": {"max_new_tokens": 600}},
            "leaves no room for the dialogue in the model's window of 512 tokens",
        ),
        ({"generation": {"temperature": 0.5}}, "temperature says how to sample, and neither the study nor"),
        ({"generation": {"min_new_tokens": 99}}, "min_new_tokens is 99, more than max_new_tokens"),
        ({"architecture": "seq2seq"}, "cannot be loaded: ValueError: Unrecognized configuration class"),
        ({"quantization": {"quant_method": "int3"}}, "there is no quant_method 'int3'. Transformers knows: "),
        ({"quantization": {"quant_method": "bitsandbytes"}}, "needs load_in_4bit: true or load_in_8bit: true"),
        ({"quantization": {"quant_method": "gptq", "bits": 99}}, "cannot be used: Only support quantization"),
    ],
)
def test_what_cannot_work_is_told_with_its_reason(build: Build, llama: Path, keys: Any, reason: str) -> None:
    """At the start, and not in the middle of somebody's chat."""
    with pytest.raises(BotError) as caught:
        build(llama, **keys)

    assert "'bot'" in str(caught.value)
    assert reason in str(caught.value)


def test_a_method_whose_package_is_missing_is_told(build: Build, llama: Path) -> None:
    """Each method of fewer bits has a package of its own."""
    with pytest.raises(MissingDependencyError, match="pip install -U bitsandbytes"):
        build(llama, quantization={"load_in_4bit": True})


def test_a_gpu_that_is_not_there_is_told(llama: Path, runtime: BotRuntime) -> None:
    """PyTorch would speak of drivers."""
    with pytest.raises(BotError, match=r"device is cuda:7, and PyTorch finds no GPU here\. Write device: cpu"):
        build_bot(TransformersBot("bot", model=str(llama), device="cuda:7"), runtime)


def test_weights_that_are_missing_are_not_made_up(build: Build, llama: Path, tmp_path: Path) -> None:
    """A model with random parts talks all the same, and a study of it is worth nothing."""
    model = transformers.LlamaModel.from_pretrained(llama)
    model.save_pretrained(tmp_path)
    transformers.AutoTokenizer.from_pretrained(llama).save_pretrained(tmp_path)

    with pytest.raises(BotError, match=r"holds no weights for 1 parts of a causal model, as lm_head\.weight"):
        build(tmp_path)


def test_a_model_that_writes_nothing_is_told(build: Build, tmp_path: Path) -> None:
    """An encoder has no replies."""
    transformers.ViTConfig().save_pretrained(tmp_path)

    with pytest.raises(BotError, match="is a 'vit' model, which writes no replies"):
        build(tmp_path)


def test_what_a_model_was_is_stored_with_the_run(build: Build, llama: Path) -> None:
    """Somebody will ask years later; weights are named by what is in them, and no path of this machine is told."""
    identity = build(llama, system_prompt="be kind", stop=("x",)).identity()

    listing = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(llama.iterdir())
    )
    assert identity["folder_sha256"] == hashlib.sha256(listing.encode()).hexdigest()
    assert identity["model"] == "llama"
    assert (identity["class"], identity["dtype"], identity["device"]) == ("LlamaForCausalLM", "float32", "cpu")
    assert json.loads(identity["generation"])["max_new_tokens"] == 12
    assert (identity["system_prompt"], identity["stop"], identity["seed"]) == ("be kind", '["x"]', "0")
    assert str(llama.parent) not in "".join(identity.values())


def test_numbers_are_of_the_kind_that_is_asked_for(build: Build, llama: Path) -> None:
    """Half of the memory, where that is what there is."""
    assert build(llama, dtype="bfloat16").identity()["dtype"] == "bfloat16"


def test_the_options_that_a_study_may_choose_are_transformers_own() -> None:
    """They are listed where transformers is not imported, so that a study is checked in a second."""
    assert set(OFFERED) <= set(vars(transformers.GenerationConfig()))


def test_naming_the_kind_imports_nothing_heavy() -> None:
    """A study that has no such bot is to start without torch."""
    code = (
        "import sys, chateval.bots.transformers, chateval.bots.rerank;"
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_code_of_a_checkpoint_does_not_run_unasked(build: Build, tmp_path: Path) -> None:
    """It could do here whatever its author liked; anyone can put a checkpoint on a hub."""
    (tmp_path / "mine.py").write_text(f"open({str(tmp_path / 'has_run')!r}, 'w')", encoding="utf-8")
    config = {"model_type": "mine", "auto_map": {"AutoConfig": "mine.Config", "AutoModelForCausalLM": "mine.Model"}}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")

    with pytest.raises(BotError, match="trust_remote_code"):
        build(tmp_path)
    assert not (tmp_path / "has_run").exists()
