"""The native format: all that tasks can be, in YAML, with mistakes told by their place."""

from pathlib import Path

import msgspec
import pytest

from chateval.annotation import (
    Checks,
    Choice,
    DialogueTask,
    FreeText,
    Option,
    PairTask,
    Ranking,
    Scale,
    Seen,
    Spans,
    Task,
    TurnTask,
    When,
    read_tasks,
)
from chateval.errors import AnnotationFormatError

EVERY_QUESTION = Path(__file__).parent / "files" / "every_question.yaml"


@pytest.fixture(scope="module")
def tasks() -> dict[str, Task]:
    return read_tasks(EVERY_QUESTION)


def read(tmp_path: Path, text: str) -> dict[str, Task]:
    path = tmp_path / "tasks.yaml"
    path.write_text(text, encoding="utf-8")
    return read_tasks(path)


def complaint(tmp_path: Path, text: str) -> str:
    with pytest.raises(AnnotationFormatError) as caught:
        read(tmp_path, text)
    return str(caught.value)


def turn_task(*questions: str) -> str:
    return "tasks: {t: {kind: turn, questions: [" + ", ".join(questions) + "]}}"


def choice(more: str = "", name: str = "q", options: str = "[{id: a, text: A}, {id: b, text: B}]") -> str:
    return f"{{kind: choice, id: {name}, options: {options}{more and ', '}{more}}}"


def test_a_task_is_named_by_its_key(tasks: dict[str, Task]) -> None:
    assert [(name, type(task)) for name, task in tasks.items()] == [
        ("turns", TurnTask),
        ("whole", DialogueTask),
        ("replies", DialogueTask),
        ("pair", PairTask),
    ]
    assert all(task.id == name for name, task in tasks.items())


def test_every_field_of_a_task_can_be_set(tasks: dict[str, Task]) -> None:
    task = tasks["turns"]

    assert isinstance(task, TurnTask)
    assert (task.turns, task.layout, task.title) == ("all_skip_first", "folded", "Turns of all sorts")
    assert task.is_required
    assert task.has_help
    assert task.shows_line_breaks


def test_every_kind_of_question_can_be_asked(tasks: dict[str, Task]) -> None:
    """The bucket format has two kinds; here are help, examples, n/a, reasons, shortcuts and conditions, too."""
    tone, length, better, marks = tasks["turns"].questions

    assert isinstance(tone, Choice)
    assert (tone.help, tone.examples) == ("Go by the words, not by what you feel.", ("“Great!” is friendly.",))
    assert tone.allows_na
    assert tone.asks_reason
    assert tone.options[1].shortcut == "c"
    assert length == Scale(
        id="length",
        text="How long is it?",
        high=10,
        low=0,
        label="Length",
        labels={"0": "far too short", "10": "far too long"},
    )
    assert isinstance(better, FreeText)
    assert better.when == When(
        (Seen("length", ("9", "10")), Seen("tone", ("cold",), "previous")),
        or_on_turn=1,
    )
    assert isinstance(marks, Spans)
    assert isinstance(tasks["whole"].questions[0], Ranking)


def test_an_option_may_be_a_text_alone(tasks: dict[str, Task]) -> None:
    """Its id is its slug, in nested questions as well."""
    tone = tasks["turns"].questions[0]
    assert isinstance(tone, Choice)
    (signs,) = tone.options[1].then

    assert tone.options[0] == Option("friendly", "Friendly")
    assert isinstance(signs, Checks)
    assert [option.id for option in signs.options] == ["short_words", "no_greeting"]
    assert (signs.minimum, signs.layout) == (1, "menu")


def test_tasks_come_back_from_the_journal_as_they_were(tasks: dict[str, Task]) -> None:
    """A session that is resumed asks what it asked before, even if the file has changed since."""
    for task in tasks.values():
        assert msgspec.json.decode(msgspec.json.encode(task), type=Task) == task


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tasks: {}", ["tasks: {} holds no tasks"]),
        ("tasks: {t: {}}", ["tasks > t", "missing required field `kind`", "Add it."]),
        ("tasks: {t: {kind: turns, questions: []}}", ["tasks > t > kind", "'turns'", "Did you mean 'turn'?"]),
        ("tasks: {t: {kind: turn, questions: []}}", ["tasks > t > questions", "length >= 1"]),
        ("tasks: {t: {kind: turn, questions: {}}}", ["tasks > t > questions", "Expected `array`"]),
        ("tasks: {yes: {kind: turn, questions: []}}", ["tasks > True", "Put it in quotes"]),
        ("other: 1\ntasks: {}", ["'other' is no known key"]),
        (turn_task(choice("optons: []")), ["t > questions > q", "`optons`", "Did you mean 'options'?"]),
        (turn_task("{kind: choise, id: q}"), ["questions > q > kind", "Did you mean 'choice'?"]),
        (turn_task(choice(options="[]")), ["questions > q > options", "length >= 1"]),
        (turn_task("{kind: text}"), ["questions > 1", "missing required field `id`"]),
        (turn_task(choice(options="[yes, no]")), ["q > options > 1", "put words in quotes"]),
        (turn_task(choice(options="[{id: a, text: 3}]")), ["q > options > a > text", "Put texts in quotes."]),
        (turn_task(choice(options="[{id: a, text: A, shortcut: ab}]")), ["options > a > shortcut", "length <= 1"]),
        (
            turn_task(choice(options="[{id: a, text: A, then: [{kind: text, id: w, minimum: 1}]}]")),
            ["q > options > a > then > w", "`minimum`"],
        ),
        (turn_task(choice(), choice()), ["2 questions have the id 'q'"]),
        (turn_task(choice(), choice(name="q.reason")), ["q.reason", "where reasons are stored"]),
        (turn_task(choice(options="[A, a]")), ["2 options have the id 'a'"]),
        (turn_task(choice(options="[{id: n/a, text: A}]")), ["'n/a'", "allows_na: true"]),
        (turn_task(choice(options="[{id: a, text: ''}]")), ["'a' has no text"]),
        (turn_task(choice(options="[{id: a, text: A, shortcut: ' '}]")), ["no visible character"]),
        (
            turn_task(
                choice(options="[{id: a, text: A, shortcut: x}]"),
                choice(name="r", options="[{id: a, text: A, shortcut: X}]"),
            ),
            ["The shortcut 'x' stands for 2 answers"],
        ),
        (turn_task(choice("when: {any_of: [{question: p, answers: [a]}]}")), ["names 'p'", "no question of that id"]),
        (
            turn_task(choice(), choice("when: {any_of: [{question: q, answers: [c]}]}", "r")),
            ["questions > r", "names 'c'", "no answer to 'q'", "Known: a, b"],
        ),
        (turn_task(choice("when: {any_of: []}")), ["names no answers"]),
        (turn_task(choice("when: {any_of: [{question: q, answers: [a]}]}")), ["'q' is never asked"]),
        (turn_task("{kind: scale, id: q, low: 5, high: 1}"), ["from 5 to 1", "Make low smaller"]),
        (turn_task("{kind: scale, id: q, labels: {6: much}}"), ['"6" is not on the scale', "points 1 to 5"]),
        (turn_task("{kind: scale, id: q, high: 1000000000}"), ["at most 101"]),
        (turn_task("{kind: checks, id: q, options: [A], minimum: 2}"), ["The minimum is 2", "1 options"]),
        (turn_task("{kind: text, id: q, minimum_characters: 9, maximum_characters: 5}"), ["Turn them round"]),
        (turn_task("{kind: ranking, id: q, options: [A]}"), ["nothing to rank"]),
        (
            turn_task("{kind: spans, id: q, options: [{id: a, text: A, then: [{kind: text, id: r}]}]}"),
            ["leads to questions, which only options of choice and checks do"],
        ),
        ("tasks: {t: {kind: dialogue, questions: [{kind: spans, id: q}]}}", ["marked in a turn", "kind: turn"]),
        (
            f"tasks: {{t: {{kind: pair, questions: [{choice('when: {any_of: [], or_on_turn: 1}')}]}}}}",
            ["speaks of turns, but the task has none"],
        ),
        ("tasks: {t: {kind: turn, turns: no_indices, questions: [{kind: text, id: q}]}}", ["none would be labelled"]),
        ("tasks: {t: {kind: turn, id: t, questions: [{kind: text, id: q}]}}", ["t > id", "Leave this out"]),
    ],
)
def test_a_mistake_is_told_with_its_place_and_a_remedy(tmp_path: Path, text: str, told: list[str]) -> None:
    said = complaint(tmp_path, text)

    assert [words for words in ["tasks.yaml, ", *told] if words not in said] == []


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    text = complaint(tmp_path, turn_task("{kind: txt, id: a}", "{kind: text, idd: b}", choice("hlp: x")))

    assert text.count("tasks.yaml, ") == 3


def test_html_does_not_get_in_past_the_sanitiser(tmp_path: Path) -> None:
    """Instructions are Markdown files, which are sanitised; a script in this field would run in workers' browsers."""
    text = complaint(
        tmp_path, "tasks: {t: {kind: turn, instructions_html: <script>, questions: [{kind: text, id: q}]}}"
    )

    assert "instructions/<task>.md" in text


def test_a_key_that_is_written_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    """YAML keeps the last of the two, and the first task would silently be gone."""
    task = "{kind: turn, questions: [{kind: text, id: q}]}"

    assert "tasks.yaml, line 3: 't' is written twice" in complaint(tmp_path, f"tasks:\n  t: {task}\n  t: {task}\n")


def test_bad_yaml_is_told_with_line_and_column(tmp_path: Path) -> None:
    assert "tasks.yaml, line 2, column 7: This is not valid YAML" in complaint(tmp_path, "tasks:\n  t: [}\n")


def test_conditions_that_need_each_other_are_refused(tmp_path: Path) -> None:
    """Neither would ever be asked, and the study would lack both without a word."""
    one = choice("when: {any_of: [{question: r, answers: [a]}]}")
    other = choice("when: {any_of: [{question: q, answers: [a], turn: previous}]}", "r")

    text = complaint(tmp_path, turn_task(one, other))

    assert "'q' is never asked" in text
    assert "'r' is never asked" in text
