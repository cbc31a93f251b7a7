"""A project with a task of its own, and ParlAI's data as it lies on a machine that has it."""

from pathlib import Path
from textwrap import dedent

import pytest

from chateval.config import BotRuntime

from .parlai_data import write_blended_skill_talk

TASKS = {
    "trips": """
        from parlai.core.teachers import DialogTeacher

        EPISODES = [
            (
                "your persona: I am a guide.\\npartner's persona: I am lost.\\nA dark wood.\\nWhere am I?",
                "Near the mill.",
            ),
            ("__SILENCE__", "Shall we go?"),
            ("Is it far?", "Two miles."),
            ("Is it far?", "Two miles."),
        ]

        class DefaultTeacher(DialogTeacher):
            def __init__(self, opt, shared=None):
                opt["datafile"] = opt["datatype"]
                super().__init__(opt, shared)

            def setup_data(self, datafile):
                for text, label in EPISODES if datafile.startswith("valid") else ():
                    yield {"text": text, "labels": [label]}, True
                    yield {"text": "later", "labels": ["later still"]}, False
        """,
    "loading": """
        from parlai.core import build_data

        class DefaultTeacher:
            def __init__(self, opt, shared=None):
                build_data.download("http://parl.ai/words.tgz", opt["datapath"] + "/Words", "words.tgz")
        """,
    "outdated": """
        from parlai.core import build_data

        class DefaultTeacher:
            def __init__(self, opt, shared=None):
                build_data.remove_dir(opt["datapath"])
        """,
    "broken": """
        class DefaultTeacher:
            def __init__(self, opt, shared=None):
                raise RuntimeError("the third line is no JSON")
        """,
    "needy": "import a_package_that_is_nowhere",
    "empty": """
        from parlai.core.teachers import DialogTeacher

        class DefaultTeacher(DialogTeacher):
            def __init__(self, opt, shared=None):
                opt["datafile"] = "none"
                super().__init__(opt, shared)

            def setup_data(self, datafile):
                return iter(())
        """,
}


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> BotRuntime:
    task_dir = tmp_path_factory.mktemp("project")
    for name, code in TASKS.items():
        path = task_dir / "parlai_internal" / "tasks" / name / "agents.py"
        path.parent.mkdir(parents=True)
        path.write_text(dedent(code), encoding="utf-8")
    datapath: Path = tmp_path_factory.mktemp("datapath")
    write_blended_skill_talk(datapath)
    return BotRuntime(
        model_parallel=False, max_concurrent_responses=1, override_opt={}, datapath=datapath, task_dir=task_dir
    )
