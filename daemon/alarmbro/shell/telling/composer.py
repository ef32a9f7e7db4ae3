"""Composed messages, kept for a while: the words of an alarm are the same for all whom it calls.

Runs in any thread. Two threads may compose the same message at once; both get the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from alarmbro.judgement.words.facts import Facts
from alarmbro.judgement.words.texts import TEXTS
from alarmbro.judgement.words.wording import compose, compose_several
from alarmbro.model.configuration import Configuration
from alarmbro.model.delivery import Message, MessageKind
from alarmbro.shell.desk.job import Job

KEPT = 1024  # messages: those of a storm that wait in their lanes; about two kilobytes each
FORMS = ("title", "body", "short")
BY_NAME = "{recipient}"


def said_in(jobs: Sequence[Job]) -> tuple[MessageKind, Facts]:
    """Give what one message of these jobs says."""
    if len(jobs) == 1:
        return jobs[0].owed.notice.kind, jobs[0].facts
    calls = tuple((job.owed.notice.kind, job.facts) for job in jobs)
    return MessageKind.SEVERAL, Facts(now=jobs[0].facts.now, several=calls)


class Composer:
    """Gives messages in a configuration's words."""

    def __init__(self, configuration: Configuration) -> None:
        self.adopt(configuration)

    def adopt(self, configuration: Configuration) -> None:
        """Say it in another configuration's words from now on; what is being composed may still have the old ones."""
        self._configuration = configuration
        self._personal = frozenset(kind for kind in MessageKind if self._names_recipient(kind))
        self._kept: dict[tuple[MessageKind, Facts, str], Message] = {}

    def message(self, kind: MessageKind, facts: Facts) -> Message:
        """Give the message; composed at the first time of asking."""
        if kind is MessageKind.SEVERAL:
            calls = [(self.message(kind, each), each) for kind, each in facts.several]
            return compose_several(calls, facts, self._configuration)
        key = (kind, facts, facts.recipient if kind in self._personal else "")
        found = self._kept.get(key)
        if found is None:
            found = compose(kind, facts, self._configuration)
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[key] = found
        return found

    def _names_recipient(self, kind: MessageKind) -> bool:
        """Tell whether a message of this kind may name who gets it."""
        language = self._configuration.language
        own = self._configuration.messages.get(language, {})
        names = [f"{kind}.{form}" for form in FORMS]
        return any(BY_NAME in texts.get(name, "") for name in names for texts in (own, TEXTS[language]))
