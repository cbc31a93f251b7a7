"""Everything that touches Mephisto, and the only code that imports it."""

from chateval.compat import import_mephisto_alone

# Mephisto cannot be imported otherwise, so that this is the one thing that importing a package of ours does.
import_mephisto_alone()

from chateval.crowd._agent_state import BehaviorAnalysisAgentState  # noqa: E402
from chateval.crowd._agreement import Finding  # noqa: E402
from chateval.crowd._architect import LocalArchitect  # noqa: E402
from chateval.crowd._blueprint import (  # noqa: E402
    BLUEPRINT_TYPE,
    BehaviorAnalysisBlueprint,
    BehaviorAnalysisBlueprintArgs,
    BehaviorAnalysisSharedState,
    BehaviorAnalysisTaskBuilder,
)
from chateval.crowd._doctor import Diagnosis, examine, mend  # noqa: E402
from chateval.crowd._launch import Observer, run_study  # noqa: E402
from chateval.crowd._registration import data_browser, register_abstractions  # noqa: E402
from chateval.crowd._task_runner import BehaviorAnalysisTaskRunner  # noqa: E402

__all__ = [
    "BLUEPRINT_TYPE",
    "BehaviorAnalysisAgentState",
    "BehaviorAnalysisBlueprint",
    "BehaviorAnalysisBlueprintArgs",
    "BehaviorAnalysisSharedState",
    "BehaviorAnalysisTaskBuilder",
    "BehaviorAnalysisTaskRunner",
    "Diagnosis",
    "Finding",
    "LocalArchitect",
    "Observer",
    "data_browser",
    "examine",
    "mend",
    "register_abstractions",
    "run_study",
]
