"""Models that do not compute in company as they do alone."""

from pathlib import Path
from typing import Any

import pytest

from chateval.bots.transformers._checkpoint import Checkpoint, load_checkpoint
from chateval.bots.transformers._probe import holds, pads_well, reuses_well
from chateval.config import TransformersBot


@pytest.fixture
def checkpoint(llama: Path) -> Checkpoint:
    return load_checkpoint(TransformersBot("bot", model=str(llama), device="cpu"))


def without(checkpoint: Checkpoint, name: str) -> Checkpoint:
    """The same, but that its model does not look at one of its inputs."""

    def drop(_: Any, given: Any, inputs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        return given, {**inputs, name: None}

    checkpoint.model.register_forward_pre_hook(drop, with_kwargs=True)
    return checkpoint


def test_a_model_that_knows_its_padding_passes(checkpoint: Checkpoint) -> None:
    """Else the two below would show nothing."""
    assert holds(pads_well, checkpoint)
    assert holds(reuses_well, checkpoint)


def test_a_model_that_reads_its_padding_is_found_out(checkpoint: Checkpoint) -> None:
    """In a batch it would answer what nobody said."""
    assert not holds(pads_well, without(checkpoint, "attention_mask"))


def test_a_model_that_loses_its_place_is_found_out(checkpoint: Checkpoint) -> None:
    """With a history taken up again, each token stands elsewhere than where it was computed."""
    assert not holds(reuses_well, without(checkpoint, "position_ids"))


def test_a_model_that_fails_when_it_is_tried_out_does_not_pass(checkpoint: Checkpoint) -> None:
    """It may do for one dialogue at a time."""
    assert not holds(pads_well, without(checkpoint, "input_ids"))
