"""Studies as researchers write them: Hydra YAML, loaded, resolved and checked before anything is launched.

Importing this package registers nothing and imports neither Mephisto, ParlAI nor torch.
"""

from chateval.config._conditions import Condition, ParsedConditions, parse_conditions
from chateval.config._describe import describe
from chateval.config._html import CleanHtml, clean_html
from chateval.config._hydra import hydra_main
from chateval.config._instructions import instructed_task
from chateval.config._journal_url import journal_url_fault
from chateval.config._links import is_loopback
from chateval.config._load import load_study
from chateval.config._nearest import did_you_mean
from chateval.config._project import checkout, known_confs, project_root
from chateval.config._registration import register_configs
from chateval.config._settings import (
    ArchitectSettings,
    BlueprintSettings,
    ProviderSettings,
    StudySettings,
    TaskSettings,
)
from chateval.config._study import (
    Admission,
    AttentionChecks,
    BotRuntime,
    ChatPictures,
    Collection,
    Delivery,
    Golds,
    OnboardingStage,
    Opening,
    PageTexts,
    Quota,
    Screening,
    Server,
    StaticAnnotation,
    Study,
    TaskRules,
    TimeLimits,
    WordingChecks,
)
from chateval.config.bots import (
    KINDS,
    BotSpec,
    HumanBot,
    OpenAIBot,
    ParlAIBot,
    RayBot,
    RerankBot,
    ScriptedBot,
    TransformersBot,
    agents_root,
    bot_names,
    load_bots,
)

__all__ = [
    "KINDS",
    "Admission",
    "ArchitectSettings",
    "AttentionChecks",
    "BlueprintSettings",
    "BotRuntime",
    "BotSpec",
    "ChatPictures",
    "CleanHtml",
    "Collection",
    "Condition",
    "Delivery",
    "Golds",
    "HumanBot",
    "OnboardingStage",
    "OpenAIBot",
    "Opening",
    "PageTexts",
    "ParlAIBot",
    "ParsedConditions",
    "ProviderSettings",
    "Quota",
    "RayBot",
    "RerankBot",
    "Screening",
    "ScriptedBot",
    "Server",
    "StaticAnnotation",
    "Study",
    "StudySettings",
    "TaskRules",
    "TaskSettings",
    "TimeLimits",
    "TransformersBot",
    "WordingChecks",
    "agents_root",
    "bot_names",
    "checkout",
    "clean_html",
    "describe",
    "did_you_mean",
    "hydra_main",
    "instructed_task",
    "is_loopback",
    "journal_url_fault",
    "known_confs",
    "load_bots",
    "load_study",
    "parse_conditions",
    "project_root",
    "register_configs",
]
