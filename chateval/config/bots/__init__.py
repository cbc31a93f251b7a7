"""The bots of a study, as `model_opts.yaml` defines them: one file for each kind, and the reader of all."""

from chateval.config.bots._file import agents_root, bot_names, load_bots
from chateval.config.bots._human import HumanBot
from chateval.config.bots._openai import OPENAI_URL, OpenAIBot
from chateval.config.bots._parlai import ParlAIBot
from chateval.config.bots._ray import RayBot
from chateval.config.bots._read import KINDS, BotSpec, read_bots
from chateval.config.bots._rerank import RerankBot
from chateval.config.bots._scripted import ScriptedBot
from chateval.config.bots._terms import BotTerms
from chateval.config.bots._transformers import TransformersBot

__all__ = [
    "KINDS",
    "OPENAI_URL",
    "BotSpec",
    "BotTerms",
    "HumanBot",
    "OpenAIBot",
    "ParlAIBot",
    "RayBot",
    "RerankBot",
    "ScriptedBot",
    "TransformersBot",
    "agents_root",
    "bot_names",
    "load_bots",
    "read_bots",
]
