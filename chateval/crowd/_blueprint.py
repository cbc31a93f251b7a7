"""The blueprint: what a study is to Mephisto."""

from collections.abc import Iterable
from copy import copy
from dataclasses import MISSING, Field, dataclass, field, fields, make_dataclass
from functools import partial
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any, cast

from mephisto.abstractions.blueprint import Blueprint, BlueprintArgs, SharedTaskState, TaskBuilder
from mephisto.data_model.assignment import InitializationData

from chateval.config import BlueprintSettings, Study
from chateval.crowd._agent_state import BehaviorAnalysisAgentState
from chateval.crowd._page import built_page
from chateval.crowd._task_runner import BehaviorAnalysisTaskRunner
from chateval.session import ReplySource

if TYPE_CHECKING:
    from mephisto.data_model.task_run import TaskRun
    from omegaconf import DictConfig

BLUEPRINT_TYPE = "behavior_analysis_blueprint"


def _field(setting: Field[Any]) -> tuple[str, type, Any]:
    """A setting as a field of Mephisto's arguments; types are checked in `chateval.config`, which reads them first."""
    default = setting.default_factory() if setting.default_factory is not MISSING else setting.default
    return setting.name, cast("type", Any), field(default_factory=partial(copy, default))


BehaviorAnalysisBlueprintArgs = make_dataclass(
    "BehaviorAnalysisBlueprintArgs",
    [_field(setting) for setting in fields(BlueprintSettings)],
    bases=(BlueprintArgs,),
    namespace={"__doc__": "The settings that `chateval.config` documents, as Mephisto wants them."},
)


@dataclass
class BehaviorAnalysisSharedState(SharedTaskState):  # type: ignore[misc]
    """What the parts of a run share beside its arguments."""

    study: Study | None = None
    bots: ReplySource | None = None


class BehaviorAnalysisTaskBuilder(TaskBuilder):  # type: ignore[misc]
    def build_in_dir(self, build_dir: str) -> None:
        """Put the built page into a directory.

        Raises:
            RouterError: the page has not been built.
        """
        copytree(built_page(), Path(build_dir), dirs_exist_ok=True)


class BehaviorAnalysisBlueprint(Blueprint):  # type: ignore[misc]
    """One assignment of one unit for each session that is needed; its data names the condition."""

    BLUEPRINT_TYPE = BLUEPRINT_TYPE
    ArgsClass = BehaviorAnalysisBlueprintArgs
    SharedStateClass = BehaviorAnalysisSharedState
    AgentStateClass = BehaviorAnalysisAgentState
    OnboardingAgentStateClass = BehaviorAnalysisAgentState
    TaskRunnerClass = BehaviorAnalysisTaskRunner
    TaskBuilderClass = BehaviorAnalysisTaskBuilder

    def __init__(self, task_run: "TaskRun", args: "DictConfig", shared_state: BehaviorAnalysisSharedState) -> None:
        super().__init__(task_run, args, shared_state)
        self.study = shared_state.study

    def get_frontend_args(self) -> dict[str, Any]:
        """Nothing: what a page may know travels with its session, to whom it concerns."""
        return {}

    def get_initialization_data(self) -> Iterable[InitializationData]:
        if self.study is None:
            return []
        return [assignment_data(quota.name) for quota in self.study.quotas for _ in range(quota.needed)]


def assignment_data(condition: str) -> InitializationData:
    return InitializationData(shared={"condition": condition}, unit_data=[{}])
