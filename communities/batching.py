"""One thread does for all who come at the same moment what each would do alone."""

import logging
from collections.abc import Callable, Sequence
from threading import Lock

log = logging.getLogger(__name__)


class Turn[Case, Done]:
    """One caller: what they want, what came of it, and whether it is theirs to do it for all who wait."""

    __slots__ = ("case", "done", "leads", "over")

    def __init__(self, case: Case) -> None:
        self.case = case
        self.done: Done | None = None
        self.leads = False
        self.over = Lock()
        self.over.acquire()


class Batches[Case, Done]:
    """While a batch is worked off, who comes waits for the next one, of `most` cases at most."""

    def __init__(self, work: Callable[[Sequence[Case]], Sequence[Done | None]], most: int) -> None:
        self.work, self.most = work, most
        self.turn, self.busy = Lock(), False
        self.waiting: list[Turn[Case, Done]] = []

    def join(self, case: Case) -> Done | None:
        """What came of the case; None if nothing did, as for all of a batch that failed: then do it alone."""
        mine = Turn[Case, Done](case)
        with self.turn:
            self.waiting.append(mine)
            mine.leads, self.busy = not self.busy, True
        if not mine.leads:
            mine.over.acquire()
        if mine.leads:
            self.lead()
        return mine.done

    def lead(self) -> None:
        with self.turn:
            batch, self.waiting = self.waiting[: self.most], self.waiting[self.most :]
        try:
            for each, done in zip(batch, self.work([each.case for each in batch]), strict=True):
                each.done = done
        except Exception as error:
            log.info("A batch of %d failed (%s): each is done alone", len(batch), type(error).__name__)
        finally:
            with self.turn:
                self.busy = bool(self.waiting)
                if self.busy:
                    self.waiting[0].leads = True
                    self.waiting[0].over.release()
            for each in batch:
                if not each.leads:
                    each.over.release()
