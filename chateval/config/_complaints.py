"""Problems and notices, gathered while a study is checked."""

from chateval.config._sources import Sources
from chateval.errors import Problem, StudyProblemsError


class Complaints:
    """Gathers everything that is wrong, so that it can be said at once."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._problems: list[Problem] = []
        self._keys: set[str] = set()
        self.notices: list[str] = []

    def about(self, key: str, text: str) -> None:
        """A problem with a key; its place is the file and line, or the override, that set it."""
        self.at(self._sources.where(key), text, key)

    def at(self, where: str, text: str, key: str = "") -> None:
        """A problem in another place than where a key is set; with the key that led there, if one did."""
        self._keys |= {key} if key else set()
        problem = Problem(where, text)
        if problem not in self._problems:
            self._problems.append(problem)

    def concern(self, key: str) -> bool:
        """Whether a problem with this key is known already, so that what follows from it need not be said."""
        return key in self._keys

    def notice(self, text: str) -> None:
        """Something that the researcher should know, and that does not stop the study."""
        self.notices.append(text)

    def raise_if_any(self) -> None:
        if self._problems:
            raise StudyProblemsError(self._problems)
