"""Hydra's own options, and what is registered with it."""

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hydra.core.config_store import ConfigStore

from chateval.config import hydra_main, register_configs

if TYPE_CHECKING:
    from .labs import Lab


def test_the_composed_study_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """`--cfg job` is how people find out what a study says."""
    assert hydra_main(["conf=collect_dialogues", "mephisto.blueprint.num_turns=9", "--cfg", "job"]) == 0
    assert "num_turns: 9" in capfd.readouterr().out


def test_the_help_lists_the_studies(capfd: pytest.CaptureFixture[str]) -> None:
    """`--help` is the first thing that people try."""
    assert hydra_main(["--help"]) == 0
    assert "conf: collect_dialogues, collect_paired_dialogues" in capfd.readouterr().out


def test_an_unknown_study_is_an_exit_status(capfd: pytest.CaptureFixture[str]) -> None:
    """Scripts count on it."""
    assert hydra_main(["conf=nothing", "--cfg", "job"]) == 1
    assert "collect_dialogues" in capfd.readouterr().err


def test_a_place_for_studies_is_searched(lab: "Lab", capfd: pytest.CaptureFixture[str]) -> None:
    """`--config-dir` means the same as in a run."""
    assert hydra_main(["--config-dir", str(lab.folder), "conf=small", "--cfg", "job"]) == 0
    assert "task_name: small" in capfd.readouterr().out


def test_looking_leaves_no_trace(tmp_path: Path) -> None:
    """Hydra would leave outputs/ and logs in every folder that it is called from."""
    flags = [["conf=collect_dialogues", "--cfg", "job"], ["--info"], ["--help"], ["-sc", "install=bash"], []]
    call = f"from chateval.config import hydra_main\nfor flags in {flags}: assert hydra_main(flags) == 0"
    subprocess.run([sys.executable, "-c", call], cwd=tmp_path, check=True, capture_output=True)
    assert list(tmp_path.iterdir()) == []


def test_completion_knows_the_studies(tmp_path: Path) -> None:
    """One tab instead of a look into the folder."""
    call = "import sys; from chateval.config import hydra_main; sys.exit(hydra_main(sys.argv[1:]))"
    line = "python welcome.py conf=collect_p"
    done = subprocess.run(
        [sys.executable, "-c", call, "-sc", "query=bash"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
        env={"COMP_LINE": line, "COMP_POINT": str(len(line))},
    )
    assert done.stdout.strip() == "conf=collect_paired_dialogues"


def test_registering_twice_changes_nothing() -> None:
    """Tests, commands and services call it without asking one another."""
    register_configs()
    before = str(ConfigStore.instance().repo)
    register_configs()
    assert str(ConfigStore.instance().repo) == before


def test_mephistos_typed_groups_are_replaced(lab: "Lab") -> None:
    """Mephisto registers its own under the same names when imported, and with them Hydra would stop at a first slip."""
    ConfigStore.instance().store(group="mephisto/architect", name="local", node={"other": 1})
    assert lab.load().server.port == 3000


def test_group_types_that_mephisto_registers_are_still_said_to_be_missing(lab: "Lab") -> None:
    """The answer must not depend on whether somebody has imported Mephisto before."""
    store = ConfigStore.instance()
    store.store(group="mephisto/architect", name="cloud", node={"_architect_type": "cloud", "team": "???"})
    try:
        assert "The architect 'cloud' is not available in this version" in lab.problem("mephisto/architect=cloud").text
    finally:
        del store.repo["mephisto"]["architect"]["cloud.yaml"]
