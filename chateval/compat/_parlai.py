"""What keeps ParlAI 1.7.2 from running beside current packages, and from being a quiet guest."""

import logging
from importlib import resources
from types import ModuleType, SimpleNamespace
from typing import Any

from chateval.compat._imports import add_stub, is_importable, when_imported
from chateval.compat._logs import Forward
from chateval.compat._transformers import prepare_transformers


class _Prepared:
    """What has been prepared in this process."""

    is_patched = False


def prepare_parlai() -> None:
    """Make ParlAI importable; call it before the first `import parlai`. Calling it again changes nothing.

    What ParlAI logs goes to the standard logger `parlai`: errors as errors, all else at level DEBUG.
    """
    if _Prepared.is_patched:
        return
    _Prepared.is_patched = True
    prepare_transformers()
    provide_pkg_resources()
    keep_chat_service_log_out_of_working_directory()
    when_imported("parlai.nn.lr_scheduler", allow_verbose)
    when_imported("parlai.utils.logging", log_as_others_do)
    when_imported("parlai.agents.hugging_face.gpt2", reorder_caches)
    when_imported("parlai.agents.hugging_face.dict", name_dialogpt_tokenizers)
    when_imported("parlai.agents.hugging_face.dialogpt", name_dialogpt_models)


def provide_pkg_resources() -> None:
    """Provide the two functions of `pkg_resources` with which `parlai.core.opt` finds its bundled option files.

    setuptools 82 and later do not ship this module any more. Can go when ParlAI uses `importlib.resources`.
    """
    if not is_importable("pkg_resources"):
        add_stub("pkg_resources", resource_exists=_resource_exists, resource_filename=_resource_filename)


def _resource_exists(package: str, name: str) -> bool:
    return resources.files(package).joinpath(name).is_file()


def _resource_filename(package: str, name: str) -> str:
    return str(resources.files(package).joinpath(name))


def keep_chat_service_log_out_of_working_directory() -> None:
    """Replace `parlai.chat_service.utils.logging`, which on import starts a file `<time>.log` in the working directory.

    It also sends the whole process's log there. The stand-in has the same functions and logs as other modules do. Can
    go when ParlAI leaves the configuration of logs to the program.
    """
    logger = logging.getLogger("parlai.chat_service")

    def print_and_log(level: int, message: str, should_print: bool = False) -> None:
        logger.log(max(level, logging.INFO) if should_print else level, message)

    add_stub(
        "parlai.chat_service.utils.logging",
        logger=logger,
        set_is_debug=lambda is_debug: None,  # noqa: ARG005
        set_log_level=logger.setLevel,
        print_and_log=print_and_log,
    )


def allow_verbose(lr_scheduler: ModuleType) -> None:
    """Let ParlAI's scheduler pass `verbose=True` to torch's `ReduceLROnPlateau`, which torch 2.7 and later refuse.

    Only the name `optim` in ParlAI's module is replaced. Can go when ParlAI drops the argument.
    """
    schedulers = lr_scheduler.optim.lr_scheduler

    class ReduceLROnPlateau(schedulers.ReduceLROnPlateau):  # type: ignore[misc, name-defined]
        def __init__(self, *args: Any, verbose: bool = False, **options: Any) -> None:  # noqa: ARG002
            super().__init__(*args, **options)

    own = SimpleNamespace(**{**vars(schedulers), "ReduceLROnPlateau": ReduceLROnPlateau})
    lr_scheduler.optim = SimpleNamespace(  # type: ignore[attr-defined]
        **{**vars(lr_scheduler.optim), "lr_scheduler": own}
    )


def reorder_caches(gpt2: ModuleType) -> None:
    """Let `hugging_face/gpt2` reorder the caches of transformers 5, which are objects and no tuples of tensors.

    A search that follows one text for each row, as greedy ones and those that sample do, keeps all rows in place; then
    nothing is moved, where ParlAI would copy the whole cache for each token. Can go when ParlAI knows `Cache`.
    """

    def reorder(self: Any, incremental_state: Any, inds: Any) -> Any:  # noqa: ARG001  (a method of ParlAI's)
        rows = incremental_state.layers[0].keys.shape[0]
        if inds.tolist() != list(range(rows)):
            incremental_state.reorder_cache(inds)
        return incremental_state

    gpt2.HFGPT2Model.reorder_decoder_incremental_state = reorder


def name_dialogpt_tokenizers(dictionaries: ModuleType) -> None:
    """Let `hugging_face/dialogpt` read its tokenizer from the folder that `--model-name` names, as gpt2 does.

    ParlAI would ask the hub for it. Without that option nothing changes. Can go when ParlAI heeds it.
    """
    _prefer_model_name(dictionaries.DialoGPTDictionaryAgent, "get_tokenizer")


def name_dialogpt_models(dialogpt: ModuleType) -> None:
    """Let `hugging_face/dialogpt` read its weights from the folder that `--model-name` names, as gpt2 does.

    ParlAI defines the option, and then asks the hub. Can go when ParlAI heeds it.
    """
    _prefer_model_name(dialogpt.DialoGPTDecoder, "_init_from_pretrained")


def _prefer_model_name(kind: type[Any], method: str) -> None:
    """Have a method of DialoGPT's do what the one of GPT-2 does where the options name a model."""
    by_size, by_name = getattr(kind, method), getattr(kind.__mro__[1], method)

    def load(self: Any, opt: Any) -> Any:
        return (by_name if opt.get("model_name") else by_size)(self, opt)

    setattr(kind, method, load)


def log_as_others_do(parlai_logging: ModuleType) -> None:
    """Hand ParlAI's log records to the standard logger `parlai`.

    ParlAI's own logger stands outside the standard hierarchy and writes every option of every bot to the standard
    output, between what the program has to say. Can go when ParlAI uses `logging.getLogger`.
    """
    parlai_logging.logger.removeHandler(parlai_logging.logger.streamHandler)
    parlai_logging.logger.addHandler(Forward("parlai"))
