"""The bots that model_opts.yaml defines."""

from typing import TYPE_CHECKING

import pytest

from chateval.config import ParlAIBot

from .labs import make_lab

if TYPE_CHECKING:
    from .labs import Lab


def test_both_ways_to_write_a_parlai_bot_mean_the_same(lab: "Lab") -> None:
    """The seed platform's strings stay, and the mapping has room for other kinds."""
    lab.write("task_config/model_opts.yaml", "alice: >\n  -m x\n  --beam-size 3\nbob: {kind: parlai, options: -m x}\n")
    assert lab.load().bots == (ParlAIBot("alice", "-m x --beam-size 3"), ParlAIBot("bob", "-m x"))


def test_a_bot_that_is_missing_is_answered_with_those_there_are(lab: "Lab") -> None:
    """Names of bots are long and alike."""
    text = lab.problem("mephisto.blueprint.conversations_needed_string='alise:3'").text
    assert "There is no bot 'alise'. Did you mean 'alice'?" in text
    assert "model_opts.yaml defines: alice, bob." in text


WRONG = [
    ("3", "3 defines no bot"),
    ("[a]", "defines no bot"),
    ("{options: -m x}", "defines no bot"),
    ("'--beam-size 3'", "names no model"),
    ("{kind: parlai}", "names no model"),
    ("'-m x \"open'", "Close the quote"),
    ("{kind: scriptd}", "no kind of bot 'scriptd'. Did you mean 'scripted'?"),
    ("{kind: openai}", "A value is needed, and there is none. Write model: followed by"),
    ("{kind: rerank}", "There is no bot to propose candidates"),
    ("{kind: rerank, bots: [bot99]}", "There is no bot 'bot99'"),
    ("{kind: scripted}", "needs something to say"),
    ("{kind: scripted, lines: [a], echo: true}", "needs something to say"),
    ("{kind: scripted, lines: a}", "'a' will not do. This key takes a list of texts"),
    ("{kind: scripted, lines: ['']}", "a list of texts, none of them empty"),
    ("{kind: scripted, lines: [a], delay_seconds: -1}", "-1 will not do. This key takes a number of seconds"),
    (
        "{kind: scripted, lines: [a], delay: 1}",
        "no key 'delay' for this kind of bot. Did you mean 'delay_seconds'?",
    ),
    ("'--model internal:nobody'", "internal:nobody is not there. Put its code into"),
    ("'-m internal:no-body'", "is no name for an agent"),
    ("'-m internal:../../x'", "is no name for an agent"),
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each line of a file with all of them."""
    lab = make_lab(tmp_path_factory.mktemp("bots"))
    names = [f"bot{number}" for number, _ in enumerate(WRONG, start=1)]
    lines = [f"{name}: {definition}\n" for name, (definition, _) in zip(names, WRONG, strict=True)]
    lab.write("task_config/model_opts.yaml", "".join(lines))
    needed = ",".join(f"{name}:1" for name in names)
    problems = lab.problems(f'mephisto.blueprint.conversations_needed_string="{needed}"')
    texts: dict[str, str] = {}
    for problem in problems:
        texts.setdefault(problem.where.partition("model_opts.yaml, ")[2].partition(".")[0], problem.text)
    return texts


@pytest.mark.parametrize(("number", "text"), [(number, text) for number, (_, text) in enumerate(WRONG, start=1)])
def test_a_bot_that_cannot_be_made_is_told(told: dict[str, str], number: int, text: str) -> None:
    """A bot that fails at launch costs the time of those who are waiting already."""
    assert text in told[f"line {number}, bot{number}"]


def test_an_agent_that_is_missing_is_told_with_its_place_and_class(lab: "Lab") -> None:
    """ParlAI finds agents by a rule about names that is nowhere to be seen in the study."""
    lab.write("task_config/model_opts.yaml", "alice: -m internal:my_bot\nbob: -m x\n")
    text = lab.problem().text
    assert f"{lab.folder}/parlai_internal/agents/my_bot/my_bot.py" in text
    assert "class MyBotAgent" in text


def test_an_agent_of_ones_own_is_found_below_the_task_dir(lab: "Lab") -> None:
    """No PYTHONPATH to be set."""
    lab.write("task_config/model_opts.yaml", "alice: -m internal:my_bot\nbob: -m internal:mine/other\n")
    lab.write("parlai_internal/agents/my_bot/my_bot.py", "class MyBotAgent: ...\n")
    lab.write("parlai_internal/agents/mine/other.py", "class OtherAgent: ...\n")
    assert len(lab.load().bots) == 2


def test_an_agent_whose_class_has_another_name_is_told(lab: "Lab") -> None:
    """The file is there and ParlAI would say only that an attribute is missing."""
    lab.write("task_config/model_opts.yaml", "alice: -m internal:my_bot\nbob: -m x\n")
    lab.write("parlai_internal/agents/my_bot/my_bot.py", "class Mybot: ...\n")
    assert "has no class MyBotAgent" in lab.problem().text


def test_bots_that_the_study_does_not_use_are_not_checked(lab: "Lab") -> None:
    """A file of bots is shared by studies and machines."""
    path = lab.folder / "task_config/model_opts.yaml"
    path.write_text(f"{path.read_text()}carol: {{kind: openai}}\ndave: -m internal:gone\n")
    assert len(lab.load().bots) == 2


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("alice: -m x\nbob: -m x\nalice: -m y\n", "line 3, alice", "written twice"),
        ("alice: -m x\nbob: -m x\na|b: -m y\n", "line 3, a|b", "no name for a bot"),
        ("alice: [\n", "line 2", "not valid YAML"),
        ("", "", "defines no bots"),
        ("- alice\n", "", "defines no bots"),
    ],
)
def test_a_file_of_bots_that_cannot_be_read_is_told(lab: "Lab", text: str, where: str, reason: str) -> None:
    """All studies of a lab hang on it."""
    lab.write("task_config/model_opts.yaml", text)
    problem = lab.problem()
    assert problem.where == f"{lab.folder}/task_config/model_opts.yaml" + (f", {where}" if where else "")
    assert reason in problem.text


@pytest.mark.parametrize(("name", "reason"), [("gone.yaml", "No such file"), ("conf", "Is a directory")])
def test_a_file_of_bots_that_is_not_there_is_told(lab: "Lab", name: str, reason: str) -> None:
    """The key is to blame, not the file."""
    problem = lab.problem(f"mephisto.blueprint.model_opt_path={name}")
    assert "model_opt_path" in problem.where
    assert reason in problem.text
