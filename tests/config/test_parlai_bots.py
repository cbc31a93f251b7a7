"""What of a ParlAI option string is checked without ParlAI."""

from pathlib import Path

import pytest

from chateval.config import ParlAIBot
from chateval.config.bots._terms import Surroundings


def faults(options: str) -> str:
    spec = ParlAIBot("bot", options)
    return " ".join(fault.text for fault in spec.faults(Surroundings(Path(), (), ("bot",))))


@pytest.mark.parametrize(
    "options",
    [
        "-m fixed_response",
        "--model=fixed_response --fixed-response 'hello -- you'",
        "-mf zoo:blender/blender_90M/model",
        "--init-opt arch/blenderbot_3B",
        f"--model-file {__file__} --beam-size 3 --temperature -1",
    ],
)
def test_an_option_string_that_may_be_right_is_let_pass(options: str) -> None:
    """Only ParlAI knows what its agents define."""
    assert faults(options) == ""


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("--beam-size 3", "names no model. Write ParlAI options with --model or --model-file"),
        ("--beam-size 3 --model", "names no model"),
        ("", "names no model"),
        ("--model 'x", "Close the quote."),
        ("-mf /nowhere/model", "The model file /nowhere/model does not exist. Correct --model-file"),
        ("--model-file=/nowhere/model", "The model file /nowhere/model does not exist."),
        ("-m x --beam-size 3 --beam-size 4", "--beam-size is written 2 times, and only the last would count."),
    ],
)
def test_a_mistake_is_told_before_parlai_is_loaded(options: str, reason: str) -> None:
    """Checking a study takes a second, loading ParlAI several."""
    assert reason in faults(options)


def test_all_mistakes_are_told_at_once() -> None:
    """Nobody likes to run a check once for each of them."""
    told = faults("--beam-size 3 --beam-size 4 -mf /nowhere/model")

    assert "written 2 times" in told
    assert "/nowhere/model does not exist" in told
