"""`chateval mephisto`."""

from collections.abc import Sequence

from chateval.compat import mephisto_main
from chateval.config import project_root


def run(arguments: Sequence[str]) -> int:
    from chateval.compat import prepare_mephisto  # noqa: PLC0415
    from chateval.crowd import register_abstractions  # noqa: PLC0415  (imports Mephisto)

    prepare_mephisto(project_root() / "data")
    register_abstractions()
    return mephisto_main(list(arguments))
