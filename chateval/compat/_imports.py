"""Acting on the modules of other packages at the moment of their import."""

import importlib
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType

Patch = Callable[[ModuleType], None]

_WARNINGS_OF_OUTDATED_USAGE = (DeprecationWarning, SyntaxWarning)


def when_imported(name: str, patch: Patch) -> None:
    """Have `patch` called with the module `name` once it has been executed; at once if it already has."""
    _hook.patches.setdefault(name, []).append(patch)
    _install_hook()
    module = sys.modules.get(name)
    if module is not None:
        patch(module)


def import_quietly(package: str) -> None:
    """Have the modules of `package`, and what they import, imported without warnings of outdated usage.

    Only the import is quiet: what their functions do later warns as ever.
    """
    _hook.quiet_packages.add(package)
    _install_hook()


def is_importable(name: str) -> bool:
    """Import a module, if there is one, without letting it warn that it will go."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            importlib.import_module(name)
        except ImportError:
            return False
    return True


def add_stub(name: str, **attributes: object) -> None:
    """Have `import name` yield a module made of `attributes`, which may have stubs below it."""
    _hook.stubs[name] = attributes
    _install_hook()


@contextmanager
def hidden(package: str) -> Iterator[None]:
    """Have `package` not found while the block runs, by whoever can do without it."""
    hider = _Hider(package)
    sys.meta_path.insert(0, hider)
    try:
        yield
    finally:
        sys.meta_path.remove(hider)


class _Hider(MetaPathFinder):
    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        del path, target
        if fullname.partition(".")[0] == self._package:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


class _ImportHook(MetaPathFinder):
    """Finds modules as the other finders do, and changes how they are executed."""

    def __init__(self) -> None:
        self.patches: dict[str, list[Patch]] = {}
        self.quiet_packages: set[str] = set()
        self.stubs: dict[str, Mapping[str, object]] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in self.stubs:
            return spec_from_loader(fullname, _StubLoader(self.stubs[fullname]), is_package=True)
        is_quiet = fullname.partition(".")[0] in self.quiet_packages
        if not is_quiet and fullname not in self.patches:
            return None
        found = (finder.find_spec(fullname, path, target) for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, found), None)
        if spec is not None and spec.loader is not None:
            _wrap(spec.loader, is_quiet=is_quiet, patches=self.patches.get(fullname, []))
        return spec


class _StubLoader(Loader):
    """Makes a module of given attributes."""

    def __init__(self, attributes: Mapping[str, object]) -> None:
        self._attributes = attributes

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(self._attributes)


def _wrap(loader: Loader, *, is_quiet: bool, patches: Sequence[Patch]) -> None:
    execute = loader.exec_module

    def exec_module(module: ModuleType) -> None:
        with warnings.catch_warnings():
            if is_quiet:
                for category in _WARNINGS_OF_OUTDATED_USAGE:
                    warnings.simplefilter("ignore", category)
            execute(module)
        for patch in patches:
            patch(module)

    loader.exec_module = exec_module  # type: ignore[method-assign]  # one loader serves one module


_hook = _ImportHook()


def _install_hook() -> None:
    if _hook not in sys.meta_path:
        sys.meta_path.insert(0, _hook)
