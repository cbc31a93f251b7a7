"""Make Mephisto know our blueprint and our architect, and let its own tools read our data."""

from functools import cache
from pathlib import Path

from mephisto.abstractions.databases.local_database import LocalMephistoDB
from mephisto.operations.registry import register_mephisto_abstraction
from mephisto.tools.data_browser import DataBrowser

from chateval.compat import prepare_mephisto
from chateval.crowd._architect import LocalArchitect
from chateval.crowd._blueprint import BehaviorAnalysisBlueprint


@cache
def register_abstractions() -> None:
    """Register them; `local` is ours from then on, in place of Mephisto's."""
    for abstraction in (BehaviorAnalysisBlueprint, LocalArchitect):
        register_mephisto_abstraction()(abstraction)


def data_browser(data_dir: Path) -> DataBrowser:
    """Mephisto's `DataBrowser` on a data directory of ours."""
    prepare_mephisto(data_dir)
    register_abstractions()
    return DataBrowser(LocalMephistoDB(str(data_dir / "database.db")))
