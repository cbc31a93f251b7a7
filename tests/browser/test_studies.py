"""Every study that is shipped, started as its reader would start it, and one unit of each done in a real browser."""

import json
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import pandas as pd
import pytest

from chateval.analysis import CollectedSession
from chateval.cli import main
from chateval.session import JOURNAL_FILE, SqlJournal, collected_sessions

from .conftest import ROOT, RunningStudy, Visitor
from .labelling import Pattern, answer_all, start, submit_answers, without_blanks
from .steps import agree, finish, rate, say, submit
from .written import asked_places, judged, written

pytestmark = pytest.mark.browser

DATA = ROOT / "task_config" / "task_data"
CHAT = "collect_dialogues"
TRAINED = [
    "commonsense",
    "consistency",
    "empathy",
    "interpretability",
    "knowledge",
    "personal_information",
    "sociality",
    "transitions",
]
RATED = ["consistent", "emotion", "engaging", "grammatical", "informative", "proactive", "quality", "relevant"]
LABELLING = [*TRAINED, "comparative", "likert", "likert_turn", *(f"{name}_likert_turn" for name in RATED)]
ALL = [CHAT, *LABELLING]
WITHOUT_TRAINING = ("mephisto.blueprint.use_screening_task=false", "mephisto.blueprint.use_golds=false")
QUICK_CHAT = ("mephisto.blueprint.num_turns=1", 'mephisto.blueprint.conversations_needed_string="examplebot:1"')

Visit = Callable[..., Visitor]
Studies = Callable[[str], RunningStudy]


@pytest.fixture(scope="module")
def studies(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studies]:
    """All studies that the chosen tests are about, side by side; each is given once it has started."""
    chosen = [item for item in request.session.items if item.path == request.path]
    marks = [dict(item.callspec.params) if hasattr(item, "callspec") else {} for item in chosen]
    wanted = ALL if {} in marks else [params["conf"] for params in marks]
    with ThreadPoolExecutor(max_workers=2) as pool:
        started = {conf: pool.submit(run, conf, tmp_path_factory.mktemp(conf)) for conf in wanted}
        yield lambda conf: started[conf].result()
        list(pool.map(lambda future: future.result().end(), started.values()))


def run(conf: str, folder: Path) -> RunningStudy:
    """Start a study on a free port, with its data in a folder of its own."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    places = [f"data_dir={folder}", f"mephisto.architect.port={port}"]
    own = QUICK_CHAT if conf == CHAT else (f"mephisto.blueprint.data_jsonl={short_unit(conf, folder)}",)
    training = WITHOUT_TRAINING if conf in TRAINED else ()
    study = RunningStudy([sys.executable, "welcome.py", f"conf={conf}", *places, *own, *training], port, folder)
    study.start()
    return study


def short_unit(conf: str, folder: Path) -> Path:
    """The first of the study's units that has the fewest turns, or that with the longer task of the study's two."""
    lines = (DATA / f"{conf}.jsonl").read_text().splitlines()
    rarer = [line for line in lines if json.loads(line)["annotation_tasks"] == ["consistency_label_withprofile"]]
    path = folder / f"{conf}.jsonl"
    path.write_text(min(rarer or lines, key=lambda line: len(json.loads(line)["turns"])) + "\n")
    return path


def collected(study: RunningStudy, conf: str) -> CollectedSession:
    [session] = collected_sessions(SqlJournal(study.data_dir / JOURNAL_FILE), conf)
    return session


def exported(study: RunningStudy, conf: str, table: str) -> pd.DataFrame:
    out = study.data_dir / "out"
    assert main(["export", "--task-name", conf, "--data-dir", str(study.data_dir), "--out", str(out)]) == 0
    return pd.read_csv(out / f"{table}.csv", dtype=str, keep_default_na=False)


def test_all_of_them_run_at_the_same_time(studies: Studies) -> None:
    """None takes another's port. This comes before the others, since a study ends once its units are done."""
    running = [studies(conf) for conf in ALL]

    assert [study.process.poll() for study in running if study.process] == [None] * 20
    assert [urlopen(study.url, timeout=10).status for study in running] == [200] * 20


@pytest.mark.parametrize("conf", LABELLING)
def test_what_is_clicked_is_what_is_stored(studies: Studies, visit: Visit, conf: str) -> None:
    """Each question of each turn, and where nested ones lead; in the journal, and in the file that people analyse."""
    study = studies(conf)
    visitor = visit()
    visitor.page.goto(study.link())
    start(visitor.page)

    given = answer_all(visitor.page, Pattern(conf), {})
    submit_answers(visitor.page)

    session = collected(study, conf)
    assert set(given) == asked_places(session.labels)
    assert without_blanks(given) == written(session.labels)
    rows = exported(study, conf, "judgements")
    columns = ["task", "turn", "question_id", "label", "value"]
    assert sorted(rows[columns].itertuples(index=False, name=None)) == sorted(judged(session.labels, given))
    assert set(rows["outcome"]) == {"completed"}
    assert visitor.errors == []


@pytest.mark.parametrize("conf", [CHAT])
def test_what_is_said_and_rated_is_what_is_stored(studies: Studies, visit: Visit, conf: str) -> None:
    """The study that the data of all the others comes from."""
    study = studies(conf)
    visitor = visit()
    visitor.page.goto(study.link())
    agree(visitor.page)
    say(visitor.page, "I planted six tomatoes today.")
    finish(visitor.page)
    rate(visitor.page, 5)
    submit(visitor.page)

    [dialogue] = collected(study, conf).dialogues
    turns = [each.turn for each in dialogue.turns]
    assert [turn.text for turn in turns if turn.speaker.value == "user"] == ["Hi!", "I planted six tomatoes today."]
    assert list(exported(study, conf, "ratings")["value"]) == ["5"]
    assert visitor.errors == []
