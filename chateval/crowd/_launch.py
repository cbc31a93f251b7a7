"""Launching a study: from a checked study to a page that people can open, until it is done or stopped."""

import asyncio
import gc
import logging
import platform
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Protocol

import uvloop
from omegaconf import OmegaConf

from chateval.allocation import Place, Progress
from chateval.bots import Bot, Desk, terms_of
from chateval.config import Study
from chateval.crowd._architect import LocalArchitect
from chateval.crowd._blueprint import BehaviorAnalysisSharedState
from chateval.crowd._image_stack import ImageStack, with_image_stack
from chateval.crowd._loading import LoadObserver, load_bots
from chateval.crowd._operator import Operator, Run
from chateval.crowd._records import CrowdRecords
from chateval.crowd._registration import register_abstractions
from chateval.crowd._serving import serving
from chateval.errors import RouterError
from chateval.openings import with_contexts
from chateval.router import RouterLink
from chateval.session import RunRecord, SqlJournal, open_journal

if TYPE_CHECKING:
    from mephisto.data_model.task_run import TaskRun
    from omegaconf import DictConfig

logger = logging.getLogger(__name__)

VERSIONED_PACKAGES = ("chateval", "mephisto", "parlai", "torch", "hydra-core")
LINGER_SECONDS = 60.0
"""How long a complete study still serves pages, so that a last reload shows its end."""
LOOK_SECONDS = 1.0


class Observer(LoadObserver, Protocol):
    """Who watches a launch."""

    def launching(self, study: Study) -> None: ...

    def continues(self, run_id: str, progress: tuple[Progress, ...]) -> None:
        """The study goes on with a run of before."""
        ...

    def is_ready(self, url: str) -> None:
        """Workers can come; bots are loaded meanwhile."""
        ...

    def progressed(self, progress: tuple[Progress, ...]) -> None:
        """Called about once a second."""
        ...

    def stopped(self, run_id: str, progress: tuple[Progress, ...], *, is_complete: bool) -> None: ...


def run_study(study: Study, observer: Observer, *, afresh: bool = False) -> None:
    """Serve a study until its quotas are met, or until SIGINT or SIGTERM.

    Pages are served first and bots loaded then; whoever comes early waits for theirs. An unfinished run of the same
    task and configuration is continued unless `afresh`.

    Raises:
        ChatevalError: it cannot be launched: data directory, journal or router; or a bot cannot be loaded, and the
            sessions that have begun wait in the journal for the next launch. Nothing is left running.
    """
    register_abstractions()
    with serving(study.data_dir, study.task.name):
        observer.launching(study)
        study = with_contexts(study)
        uvloop.run(_serve(study, observer, afresh=afresh))


async def _serve(study: Study, observer: Observer, *, afresh: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    desk = Desk({}, terms_of(study.bots))
    journal = open_journal(study.data_dir, study.journal_url, loop)
    try:
        with ThreadPoolExecutor(1, "records") as thread:
            records = await loop.run_in_executor(thread, CrowdRecords, study.data_dir)
            try:
                await _Launch(study, observer, journal, records, thread, desk).run(stop, afresh=afresh)
            finally:
                await loop.run_in_executor(thread, records.close)
    finally:
        journal.close()
        await desk.close()


@dataclass(frozen=True)
class _Launch:
    """The parts of a launch, each made and ended by `_serve`."""

    _study: Study
    _observer: Observer
    _journal: SqlJournal
    _records: CrowdRecords
    _thread: ThreadPoolExecutor
    _desk: Desk
    _stack: ImageStack | None = None
    """Of a study of pictures."""

    async def run(self, stop: asyncio.Event, *, afresh: bool) -> None:
        loop = asyncio.get_running_loop()
        earlier = None if afresh else await loop.run_in_executor(self._thread, self._unfinished_run)
        run_id = earlier.db_id if earlier is not None else ""
        study, stack = await asyncio.to_thread(with_image_stack, self._study, self._journal, run_id)
        await replace(self, _study=study, _stack=stack)._run(stop, earlier)  # noqa: SLF001  (itself, knowing more)

    async def _run(self, stop: asyncio.Event, earlier: "TaskRun | None") -> None:
        loop = asyncio.get_running_loop()
        task_run: TaskRun = earlier or await loop.run_in_executor(self._thread, self._new_run)
        shared_state = BehaviorAnalysisSharedState(study=self._study, bots=self._desk)
        config = OmegaConf.create(self._study.resolved["mephisto"])
        with _deployed(task_run, config, shared_state, self._records) as architect:
            url = architect.url
            if earlier is None:
                places = await loop.run_in_executor(self._thread, self._make_places, task_run, shared_state, url)
            else:
                places = await loop.run_in_executor(self._thread, lambda: list(self._records.places(task_run, url)))
            link = RouterLink(architect.operator_url, architect.secret)
            run = Run(self._study, task_run, self._records, self._thread, self._journal, url, self._stack)
            operator = Operator(run, self._desk, link.send)
            operator.load(places, await loop.run_in_executor(self._thread, self._records.unsettled, task_run))
            if earlier is not None:
                self._observer.continues(task_run.db_id, operator.progress())
            await self._watch(operator, task_run.db_id, architect, link, stop)
            if operator.is_complete:
                await loop.run_in_executor(self._thread, self._records.complete_run, task_run)
            self._observer.stopped(task_run.db_id, operator.progress(), is_complete=operator.is_complete)

    async def _watch(
        self, operator: Operator, run_id: str, architect: LocalArchitect, link: RouterLink, stop: asyncio.Event
    ) -> None:
        is_up = asyncio.Event()

        def found() -> None:
            operator.found()
            is_up.set()

        line = asyncio.create_task(link.run(operator, found))
        bots: asyncio.Task[None] | None = None  # loaded once the page is served, which costs no time then
        try:
            await is_up.wait()
            self._observer.is_ready(architect.url)
            bots = asyncio.create_task(self._load_bots(run_id))
            while not stop.is_set() and not self._is_over(operator):
                if bots.done():
                    bots.result()  # a study whose bots cannot be loaded ends here
                self._observer.progressed(operator.progress())
                await self._keep_stack()
                if not architect.is_running:
                    await _start_again(architect)
                await _wait(stop, LOOK_SECONDS)
        finally:
            await operator.close()
            await self._keep_stack()
            tasks = [line] if bots is None else [line, bots]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _load_bots(self, run_id: str) -> None:
        bots = await load_bots(self._study, self._desk, self._observer)
        await asyncio.get_running_loop().run_in_executor(self._thread, self._record_bots, run_id, bots)
        # What is loaded by now stays: looking through all of it again and again would hold up everyone.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)

    def _record_bots(self, run_id: str, bots: Mapping[str, Bot]) -> None:
        """Keep with the run what the bots are; where it is continued with others, both."""
        run = next(run for run in self._journal.runs() if run.run_id == run_id)
        record = run.with_bots({name: bot.identity() for name, bot in bots.items()}, time())
        if record is not run:
            self._journal.change_run(record)
        if record.later_bots != run.later_bots:
            logger.warning("The bots are not what they were before in this run. `chateval runs --show` tells both.")

    async def _keep_stack(self) -> None:
        if self._stack is not None:
            await asyncio.to_thread(self._stack.keep)

    def _is_over(self, operator: Operator) -> bool:
        quiet_seconds = time() - operator.last_ended_at
        if operator.is_complete:
            return quiet_seconds > LINGER_SECONDS
        return quiet_seconds > self._study.task.patience_seconds

    def _unfinished_run(self) -> "TaskRun | None":
        """The latest run of this task, if it has this configuration and is not complete."""
        runs = [run for run in self._journal.runs() if run.task_name == self._study.task.name]
        if not runs or runs[-1].config_hash != self._study.config_hash:
            return None
        task_run = self._records.task_run(runs[-1].run_id)
        return None if task_run.get_is_completed() else task_run

    def _new_run(self) -> "TaskRun":
        task_run = self._records.new_run(self._study)
        self._journal.add_run(
            RunRecord(
                run_id=task_run.db_id,
                task_name=self._study.task.name,
                conf=self._study.conf,
                started_at=time(),
                config_yaml=self._study.resolved_yaml,
                config_hash=self._study.config_hash,
                seed=self._study.seed,
                versions={"python": platform.python_version(), **{name: version(name) for name in VERSIONED_PACKAGES}},
                bots={},
                quotas={quota.name: quota.needed for quota in self._study.quotas},
            )
        )
        return task_run

    def _make_places(self, task_run: "TaskRun", shared_state: BehaviorAnalysisSharedState, url: str) -> list[Place]:
        config = OmegaConf.create(self._study.resolved["mephisto"])
        blueprint = task_run.get_blueprint(args=config, shared_state=shared_state)
        self._records.provider(task_run).setup_resources_for_task_run(task_run, config, shared_state, url)
        return self._records.new_places(task_run, blueprint.get_initialization_data(), url)


@contextmanager
def _deployed(
    task_run: "TaskRun", config: "DictConfig", shared_state: BehaviorAnalysisSharedState, records: CrowdRecords
) -> Iterator[LocalArchitect]:
    """The router, up while the block runs."""
    build_dir = Path(task_run.get_run_dir()) / "build"
    build_dir.mkdir(parents=True, exist_ok=True)
    architect = LocalArchitect(records.db, config, shared_state, task_run, str(build_dir))
    architect.prepare()
    try:
        architect.deploy()
        architect.cleanup()
        yield architect
    finally:
        architect.shutdown()


async def _start_again(architect: LocalArchitect) -> None:
    """Start a router that has died; one that cannot start now is tried again at the next look."""
    logger.error("The router has died; it is started again.")
    try:
        await asyncio.to_thread(architect.deploy)
    except RouterError as error:
        logger.error("%s", error)  # noqa: TRY400  (nobody has use for the traceback)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
