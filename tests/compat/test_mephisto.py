"""Each patch for Mephisto: what happens without it, and with it."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

Facts = dict[str, Any]
Run = Callable[..., subprocess.CompletedProcess[str]]

PROBE = Path(__file__).with_name("probe_mephisto.py")


def test_importing_compat_imports_no_platform(run: Run) -> None:
    """The command line must answer at once; the platforms take seconds."""
    done = run("-c", "import sys, chateval.compat; print({'mephisto', 'parlai', 'torch'} & set(sys.modules))")

    assert done.stdout.strip() == "set()"


def test_mephisto_itself_cannot_be_imported(run: Run) -> None:
    """Once this fails, `allow_dataclass_defaults` can go."""
    assert "mutable default" in run("-W", "ignore", "-c", "import mephisto.operations.operator").stderr


def test_mephisto_wants_distutils(run: Run) -> None:
    """Once this fails, `provide_distutils` can go."""
    assert "No module named 'distutils'" in run(str(PROBE), "without distutils").stderr


def test_prepared_mephisto_copies_without_distutils(prepared_mephisto: Facts) -> None:
    """The stand-in must merge into a folder that is there, as the function that it stands for."""
    assert prepared_mephisto["copied"] == "text"


def test_an_outdated_escape_stops_no_import(run: Run, tmp_path: Path) -> None:
    """A first import, with nothing compiled yet, must work under `-W error` too."""
    tmp_path.joinpath("oldstyle.py").write_text(r"PATTERN = '\S'", encoding="utf-8")
    code = "from chateval.compat._imports import import_quietly\n{}\nimport oldstyle"

    bare = run("-B", "-c", code.format(""), cwd=tmp_path)
    quiet = run("-B", "-c", code.format("import_quietly('oldstyle')"), cwd=tmp_path)

    assert "invalid escape" in bare.stderr
    assert quiet.returncode == 0


def test_home_directory_is_left_alone(bare_mephisto: Facts, prepared_mephisto: Facts) -> None:
    """A study keeps what it has in its data directory."""
    assert ".mephisto" in bare_mephisto["home"]
    assert ".mephisto" not in prepared_mephisto["home_at_end"]


def test_nobody_is_asked_where_data_goes(bare_mephisto: Facts, prepared_mephisto: Facts) -> None:
    """A question at start-up would hang a study that runs without a terminal."""
    assert bare_mephisto["asked"]
    assert not prepared_mephisto["asked"]
    assert prepared_mephisto["data_dir"] == prepared_mephisto["expected"]


def test_temporary_files_stay_with_the_data(bare_mephisto: Facts, prepared_mephisto: Facts) -> None:
    """The folder of installed packages need not be writable."""
    assert "site-packages" in bare_mephisto["tmp_dir"]
    assert prepared_mephisto["tmp_dir"].startswith(prepared_mephisto["expected"])


def test_a_later_call_moves_the_data(prepared_mephisto: Facts) -> None:
    """One process may open several data directories in turn, as `chateval export` does."""
    assert prepared_mephisto["other_data_dir"] == "other"


def test_no_data_directory_is_an_error_that_says_what_to_do(run: Run) -> None:
    """Where neither the caller nor the user's configuration names one."""
    code = (
        "from chateval.compat import prepare_mephisto; prepare_mephisto();"
        "from mephisto.utils.dirs import get_data_dir; get_data_dir()"
    )

    assert "DataDirectoryError: Mephisto has not been told where to keep its data." in run("-c", code).stderr


def test_metrics_listen_on_no_port(bare_mephisto: Facts, prepared_mephisto: Facts) -> None:
    """They would be open to the whole network, and two studies could not run side by side."""
    assert bare_mephisto["ports"] == [3031]
    assert prepared_mephisto["ports"] == []
    assert prepared_mephisto["has_prometheus"] is False


def test_warnings_can_be_logged(bare_mephisto: Facts, prepared_mephisto: Facts) -> None:
    """Where warnings of outdated usage are errors, a remark of Mephisto's must not end the launch of a task."""
    assert not bare_mephisto["can_warn"]
    assert prepared_mephisto["can_warn"]


def test_connections_tell_whether_they_are_closed(bare_mephisto: Facts, prepared_mephisto: Facts) -> None:
    """Mephisto's channel looks before each packet that it sends."""
    assert not bare_mephisto["has_closed"]
    assert prepared_mephisto["has_closed"]


def test_mechanical_turk_cleanups_are_noted_with_the_data(bare_mephisto: Facts, prepared_mephisto: Facts) -> None:
    """Launching there must not depend on a folder in the user's home."""
    assert not bare_mephisto["knows_last_cleanup"]
    assert prepared_mephisto["knows_last_cleanup"]


def test_mephisto_command_runs(prepared_mephisto: Facts) -> None:
    """`mephisto check` is how its users see whether it is set up."""
    assert prepared_mephisto["status"] == 0
    assert "set up correctly" in prepared_mephisto["stdout"]


def test_mephisto_command_reports_mistakes_by_its_status(prepared_mephisto: Facts) -> None:
    """Scripts look at it."""
    assert prepared_mephisto["status_of_mistake"] == 2


def test_dataclasses_of_others_are_as_strict_as_ever(run: Run) -> None:
    """The patch must not hide a mistake in a study's own code."""
    code = (
        "from chateval.compat._mephisto import *; import dataclasses; allow_dataclass_defaults()\n"
        "@dataclasses.dataclass\nclass A: x: int = 0\n"
        "@dataclasses.dataclass\nclass B: a: A = A()"
    )

    assert "mutable default" in run("-c", code).stderr


def test_instances_do_not_share_a_default(prepared_mephisto: Facts) -> None:
    """What one task run sets must not show in another."""
    assert prepared_mephisto["has_own_defaults"]


def test_mephisto_brings_torch_where_parlai_is_found(run: Run) -> None:
    """Once this fails, `import_mephisto_alone` can go."""
    code = "import sys\nfrom chateval.compat import prepare_mephisto\nprepare_mephisto()\nimport mephisto\n"
    assert run("-W", "ignore", "-c", code + "print('torch' in sys.modules)").stdout.strip() == "True"


def test_mephisto_alone_brings_no_torch(run: Run) -> None:
    """A study whose bots need no torch must not wait for it."""
    code = "from chateval.compat import import_mephisto_alone\nimport_mephisto_alone()\nimport sys\n"
    assert run("-c", code + "print({'torch', 'parlai'} & set(sys.modules))").stdout.strip() == "set()"


def test_parlai_is_found_again_afterwards(run: Run) -> None:
    code = (
        "from chateval.compat import import_mephisto_alone, prepare_parlai\nimport_mephisto_alone()\nprepare_parlai()\n"
    )
    assert run("-c", code + "import parlai.core.opt\nprint('found')").stdout.strip() == "found"
