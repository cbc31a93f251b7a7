"""What dialogues begin with, as a study says it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chateval.config import Opening, describe
from chateval.dialogue import Context, Speaker, Turn

from .labs import lines_of

if TYPE_CHECKING:
    from .labs import Lab

MODE = "mephisto.blueprint.conversation_start_mode"
PERSONA = "mephisto.blueprint.include_persona"
LINES = lines_of(
    {"id": "a", "person_persona": ["I row."], "bot_persona": ["I bake."]},
    {"id": "b", "turns": [["user", "Hi"], ["system", "Hello"]]},
)
BUILT = {"ConvAI2": "v5.0", "empatheticdialogues": "1.0", "wizard_of_wikipedia": "1.0", "blended_skill_talk": "v1.5"}


def opening(lab: "Lab", *overrides: str) -> Opening:
    return lab.collection(*overrides).opening


def build(folder: Path, versions: dict[str, str]) -> None:
    """Mark folders as ParlAI marks those that it has filled."""
    for name, version in versions.items():
        (folder / name).mkdir(parents=True)
        (folder / name / ".built").write_text(f"today\n{version}")


def test_a_study_that_says_nothing_opens_with_hi(lab: "Lab") -> None:
    study = lab.load()

    assert study.collection is not None
    assert study.collection.opening == Opening("hi", (), 42, includes_persona=False)
    assert "Opening     the participant is shown as having said hi\n" in describe(study)


def test_contexts_come_from_a_file_of_the_study(lab: "Lab") -> None:
    """Its path is meant from the study's folder, wherever the command is run."""
    lab.write("talk/contexts.jsonl", LINES)

    found = opening(lab, f"{MODE}=talk/contexts.jsonl", f"{PERSONA}=true", "mephisto.blueprint.context_seed=7")

    persona = Context(id="a", person_persona=("I row.",), bot_persona=("I bake.",))
    turns = (Turn(Speaker.USER, "Hi"), Turn(Speaker.SYSTEM, "Hello"))
    assert found.contexts == (persona, Context(id="b", turns=turns))
    assert (found.seed, found.includes_persona, found.is_hi, found.lacks_contexts) == (7, True, False, False)


def test_another_file_is_another_study(lab: "Lab") -> None:
    """A run goes on only with what it began with."""
    hashes = []
    for lines in (LINES, lines_of({"background": "Rain."})):
        lab.write("contexts.jsonl", lines)
        hashes.append(lab.load(f"{MODE}=contexts.jsonl").config_hash)

    assert hashes[0] != hashes[1]


def test_a_study_says_how_it_begins(lab: "Lab") -> None:
    lab.write("contexts.jsonl", LINES)

    study = lab.load(f"{MODE}=contexts.jsonl")

    assert "include_persona is false: the personas of the contexts are left out." in study.notices
    assert "2 contexts of" in describe(study)
    assert "each used once before any is used again, without personas" in " ".join(describe(study).split())


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (json.dumps({"turns": [["bot", "Hi"]]}), "contexts.jsonl, line 1: Invalid enum value 'bot'"),
        ("\n", "contexts.jsonl holds no context"),
        (None, "contexts.jsonl cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_will_not_do_is_told_with_its_line(lab: "Lab", lines: str | None, told: str) -> None:
    if lines is not None:
        lab.write("contexts.jsonl", lines)

    problem = lab.problem(f"{MODE}=contexts.jsonl")

    assert problem.where.endswith(f"{MODE}=contexts.jsonl")
    assert told in problem.text


def test_a_word_that_is_no_task_is_told_with_what_was_meant(lab: "Lab") -> None:
    """ParlAI is not imported for this: a check takes no seconds."""
    text = lab.problem(f"{MODE}=blended_skil_talk").text

    assert "'blended_skil_talk' is neither hi nor a ParlAI task. Did you mean 'blended_skill_talk'?" in text


def test_data_that_is_missing_is_named_folder_by_folder(lab: "Lab") -> None:
    """And what has another version than ParlAI reads is missing too: it would remove it, and download."""
    build(lab.folder / "data" / "parlai", {"ConvAI2": "v5.0", "wizard_of_wikipedia": "0.9"})

    text = lab.problem(f"{MODE}=bst").text

    assert "ConvAI2" not in text
    for name in ("blended_skill_talk", "empatheticdialogues", "wizard_of_wikipedia"):
        assert str(lab.folder / "data" / "parlai" / name) in text
    assert "or name a file of contexts" in text


@pytest.mark.parametrize("mode", ["bst", "blended_skill_talk"])
def test_with_its_data_a_task_is_drawn_from_at_launch(lab: "Lab", mode: str) -> None:
    build(lab.folder / "elsewhere", BUILT)

    study = lab.load(f"{MODE}={mode}", f'mephisto.blueprint.override_opt.datapath="{lab.folder}/elsewhere"')

    assert study.collection is not None
    found = study.collection.opening
    assert (found.mode, found.task, found.lacks_contexts) == ("blended_skill_talk", "blended_skill_talk", True)
    assert found.file is not None
    assert any("drawn from the ParlAI task 'blended_skill_talk' when the study is launched" in n for n in study.notices)


def test_what_an_earlier_launch_has_drawn_is_read(lab: "Lab") -> None:
    """And needs neither ParlAI nor the data any more; the study stays the same one, so that its run goes on."""
    build(lab.folder / "data" / "parlai", BUILT)
    before = lab.load(f"{MODE}=bst")
    lab.write("data/contexts/blended_skill_talk.jsonl", LINES)

    after = lab.load(f"{MODE}=bst")

    assert after.collection is not None
    assert [context.id for context in after.collection.opening.contexts] == ["a", "b"]
    assert after.config_hash == before.config_hash


def test_a_task_of_one_s_own_is_looked_for_in_the_study(lab: "Lab") -> None:
    path = lab.folder / "parlai_internal" / "tasks" / "trips" / "agents.py"
    assert str(path) in lab.problem(f"{MODE}=internal:trips").text

    lab.write("parlai_internal/tasks/trips/agents.py", "class DefaultTeacher: ...")

    assert opening(lab, f"{MODE}=internal:trips").task == "internal:trips"


def test_a_greeting_with_personas_takes_them_from_blended_skill_talk(lab: "Lab") -> None:
    """As in ParlAI. Studies that ask for them load where its data is not there, and are told so."""
    study = lab.load(f"{PERSONA}=true")
    assert any("there are no personas. To have them, put" in notice for notice in study.notices)
    build(lab.folder / "data" / "parlai", BUILT)

    found = opening(lab, f"{PERSONA}=true")

    assert (found.is_hi, found.task, found.lacks_contexts) == (True, "blended_skill_talk", True)


def test_another_person_as_partner_has_no_persona_from_the_study(lab: "Lab") -> None:
    """The data would say that the partner played somebody whom they never heard of."""
    lab.write("task_config/model_opts.yaml", "alice: {kind: human}\nbob: {kind: scripted, echo: true}\n")

    problem = lab.problem(f"{PERSONA}=true", 'mephisto.blueprint.conversations_needed_string="alice:2,bob:2"')

    assert "Each of two people has a persona of their own, so that none can be given to alice" in problem.text
