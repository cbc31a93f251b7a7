"""What keeps Mephisto 1.1.1 from running on current Python, beside current packages, and without asking questions."""

import copy
import dataclasses
import importlib
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from chateval.compat._imports import add_stub, hidden, import_quietly, is_importable, when_imported
from chateval.errors import DataDirectoryError

_MODULES_WITH_OLD_DATACLASSES = ("mephisto.", "parlai.crowdsourcing.")


class _Prepared:
    """What has been prepared in this process."""

    is_patched = False
    data_dir: Path | None = None


def prepare_mephisto(data_dir: Path | None = None) -> None:
    """Make Mephisto importable, and have it keep its data in `data_dir`.

    Call it before the first `import mephisto`; calling it again only changes the data directory, if one is given.
    Without one, Mephisto uses the directory that the user's own `~/.mephisto/config.yml` names; where that names none
    either, asking Mephisto for its data directory raises `DataDirectoryError`. Nothing is written to the user's home.
    """
    if data_dir is not None:
        _Prepared.data_dir = data_dir.absolute()
    if _Prepared.is_patched:
        return
    _Prepared.is_patched = True
    allow_outdated_syntax()
    allow_dataclass_defaults()
    provide_distutils()
    when_imported("mephisto.operations.config_handler", keep_out_of_home)
    when_imported("mephisto.utils.dirs", choose_data_directory)
    when_imported("mephisto.utils.metrics", switch_off_metrics)
    when_imported("mephisto.utils.logger_core", warn_once_by_warning)
    when_imported("mephisto.operations.operator", warn_by_warning)
    when_imported("mephisto.abstractions.architects.channels.websocket_channel", provide_closed)
    when_imported("mephisto.abstractions.providers.mturk.mturk_utils", keep_cleanup_times_with_data)
    when_imported("mephisto.abstractions.providers.mock.mock_unit", launch_in_silence)


def allow_outdated_syntax() -> None:
    r"""Let Mephisto be compiled where warnings are errors.

    The first import on a machine compiles `mturk_utils.py`, whose `"\S"` is an invalid escape: a warning, with
    `-W error` a SyntaxError, and one day always an error. Can go when that string is written as a raw one.
    """
    import_quietly("mephisto")


def import_mephisto_alone() -> None:
    """Import Mephisto without ParlAI.

    1.1.1 imports all its blueprints, one of which imports ParlAI where that is installed, and with it torch: more than
    half of the time that a launch takes, and memory that a study without such bots has no use for. Whoever wants that
    blueprint (`parlai_chat`) imports Mephisto without this. Can go when Mephisto imports blueprints on demand.
    """
    prepare_mephisto()
    with hidden("parlai"):
        importlib.import_module("mephisto")


def allow_dataclass_defaults() -> None:
    """Let the platforms' dataclasses have instances of dataclasses as defaults.

    Python 3.11 refuses every unhashable default, which a dataclass instance is; 1.1.1 has many
    (`task: TaskRunArgs = TaskRunArgs()`). Such a default becomes a factory of copies, for classes of the platforms
    only. Can go when Mephisto writes `field(default_factory=...)`.
    """
    get_field: Callable[..., Any] = dataclasses._get_field  # type: ignore[attr-defined]  # noqa: SLF001

    def get_field_with_factory(cls: type, name: str, *rest: Any) -> Any:
        if cls.__module__.startswith(_MODULES_WITH_OLD_DATACLASSES):
            default = getattr(cls, name, None)
            if isinstance(default, dataclasses.Field):
                if _is_instance_of_dataclass(default.default):
                    default.default_factory = _copies_of(default.default)
                    default.default = dataclasses.MISSING
            elif _is_instance_of_dataclass(default):
                setattr(cls, name, dataclasses.field(default_factory=_copies_of(default)))
        return get_field(cls, name, *rest)

    dataclasses._get_field = get_field_with_factory  # type: ignore[attr-defined]  # noqa: SLF001


def _is_instance_of_dataclass(value: object) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _copies_of(value: object) -> Callable[[], Any]:
    return lambda: copy.deepcopy(value)


def provide_distutils() -> None:
    """Provide `distutils.dir_util.copy_tree`.

    Python 3.12 has no `distutils`; four modules of 1.1.1 import this one function of it. Where the package is there,
    its own warning that it will go is swallowed. Can go when Mephisto uses `shutil.copytree`.
    """
    if not is_importable("distutils.dir_util"):
        add_stub("distutils")
        add_stub("distutils.dir_util", copy_tree=_copy_tree)


def _copy_tree(source: str, target: str) -> list[str]:
    copied: list[str] = []

    def copy_one(source_file: str, target_file: str) -> str:
        copied.append(target_file)
        return str(shutil.copy2(source_file, target_file))

    shutil.copytree(source, target, dirs_exist_ok=True, copy_function=copy_one)
    return copied


def keep_out_of_home(config_handler: ModuleType) -> None:
    """Let Mephisto be imported without `~/.mephisto/config.yml`.

    Importing 1.1.1 creates that file and its folder; reading a setting without it fails. Here, reading answers that
    nothing is set, and only `mephisto config KEY VALUE` creates it. Can go when Mephisto takes its settings from the
    caller.
    """
    get_raw_config: Callable[[], str] = config_handler.get_raw_config
    write_config: Callable[[dict[str, Any]], None] = config_handler.write_config
    get_config: Callable[[], dict[str, Any] | None] = config_handler.get_config
    get_config_arg: Callable[[str, str], Any] = config_handler.get_config_arg

    def raw_config() -> str:
        return get_raw_config() if Path(config_handler.DEFAULT_CONFIG_FILE).exists() else ""

    def write(config_data: dict[str, Any]) -> None:
        Path(config_handler.DEFAULT_CONFIG_FOLDER).mkdir(exist_ok=True)
        write_config(config_data)

    def config_arg(section: str, key: str) -> Any:
        is_data_dir = (section, key) == (config_handler.CORE_SECTION, config_handler.DATA_STORAGE_KEY)
        if is_data_dir and _Prepared.data_dir is not None:
            return str(_Prepared.data_dir)
        return get_config_arg(section, key)

    config_handler.init_config = lambda: None  # type: ignore[attr-defined]
    config_handler.get_raw_config = raw_config  # type: ignore[attr-defined]
    config_handler.get_config = lambda: get_config() or {}  # type: ignore[attr-defined]
    config_handler.write_config = write  # type: ignore[attr-defined]
    config_handler.get_config_arg = config_arg  # type: ignore[attr-defined]


def choose_data_directory(dirs: ModuleType) -> None:
    """Answer where Mephisto's data is kept; never ask.

    1.1.1 asks with `input()` while a study starts, and keeps temporary files beside its own package, which need not be
    writable. Can go when Mephisto can be told both.
    """
    get_tmp_dir: Callable[[], str] = dirs.get_mephisto_tmp_dir

    def root_data_dir() -> str:
        chosen = dirs.get_config_arg(dirs.CORE_SECTION, dirs.DATA_STORAGE_KEY)
        if chosen is None:
            raise DataDirectoryError(
                "Mephisto has not been told where to keep its data. Call chateval.compat.prepare_mephisto(data_dir) "
                f"first, or name a folder as core.main_data_directory in {dirs.DEFAULT_CONFIG_FILE}."
            )
        if not Path(chosen).is_dir():
            raise DataDirectoryError(f"The data directory {chosen} does not exist. Create it, or choose another one.")
        return str(chosen)

    def tmp_dir() -> str:
        return get_tmp_dir() if _Prepared.data_dir is None else str(_Prepared.data_dir / "tmp")

    dirs.get_root_data_dir = root_data_dir  # type: ignore[attr-defined]
    dirs.get_mephisto_tmp_dir = tmp_dir  # type: ignore[attr-defined]


def switch_off_metrics(metrics: ModuleType) -> None:
    """Listen to nobody who wants metrics.

    An operator of 1.1.1 serves them on port 3031 of every network interface, whatever its configuration says, which
    also keeps a second operator from starting quietly. Can go when address and port can be configured.
    """
    metrics.start_metrics_server = lambda args=None: None  # type: ignore[attr-defined]  # noqa: ARG005
    metrics.launch_prometheus_server = lambda args=None: False  # type: ignore[attr-defined]  # noqa: ARG005


def warn_once_by_warning(logger_core: ModuleType) -> None:
    """Let `warn_once` call `logging.warning`.

    1.1.1 calls `logging.warn`, whose own DeprecationWarning ends the launch of a task where warnings are errors. Can
    go, like the next one, when Mephisto calls `warning`.
    """

    def warn_once(msg: str) -> None:
        if msg not in logger_core._seen_logs:  # noqa: SLF001
            logger_core._seen_logs.add(msg)  # noqa: SLF001
            logging.warning(msg)  # noqa: LOG015  (where it was logged before)

    logger_core.warn_once = warn_once  # type: ignore[attr-defined]


def warn_by_warning(operator: ModuleType) -> None:
    """Let the operator's `logger.warn` be `logger.warning`, for the reason given above."""
    operator.logger.warn = operator.logger.warning


def provide_closed(_channel: ModuleType) -> None:
    """Give connections of websockets 14 and later the attribute `closed`, which 1.1.1 reads before it sends.

    Can go when Mephisto looks at `state`.
    """
    from websockets.asyncio.client import ClientConnection  # noqa: PLC0415  (only who uses the channel needs it)
    from websockets.protocol import State  # noqa: PLC0415

    if not hasattr(ClientConnection, "closed"):
        ClientConnection.closed = property(  # type: ignore[attr-defined]
            lambda connection: connection.state is State.CLOSED
        )


def keep_cleanup_times_with_data(mturk_utils: ModuleType) -> None:
    """Remember in the data directory when Mechanical Turk was last tidied up.

    1.1.1 writes this to `~/.mephisto` before it launches on Mechanical Turk, and fails where the folder does not exist.
    Can go together with `keep_out_of_home`.
    """
    try_prerun_cleanup: Callable[..., None] = mturk_utils.try_prerun_cleanup

    def cleanup(*args: Any) -> None:
        if _Prepared.data_dir is not None:
            mturk_utils.DEFAULT_CONFIG_FOLDER = os.fspath(_Prepared.data_dir)  # type: ignore[attr-defined]
        try_prerun_cleanup(*args)

    mturk_utils.try_prerun_cleanup = cleanup  # type: ignore[attr-defined]


def launch_in_silence(mock_unit: ModuleType) -> None:
    """Keep the mock provider from announcing each unit.

    1.1.1 prints and logs two wrong links for every unit that it launches: thousands of lines for a large study. Can go
    when Mephisto leaves standard output to its caller.
    """
    mock_unit.print = lambda *_: None  # type: ignore[attr-defined]
    mock_unit.logger.setLevel("WARNING")
