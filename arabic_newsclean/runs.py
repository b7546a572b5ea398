"""A run of `clean` from its files to its output: what it reads, where it stops, how it ends.

Three outputs, one loop: standard output (`output.plain`), files that can be resumed (`output.resumable`), and shards
of what is new (`output.incremental`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Final, NamedTuple, Protocol

from arabic_newsclean import __version__, parallel, reading
from arabic_newsclean.batch import Failed, Options, Outcome, View
from arabic_newsclean.output import writing
from arabic_newsclean.output.apart import OverwriteError, others
from arabic_newsclean.output.incremental import Incremental, StateError
from arabic_newsclean.output.lock import LockedError, locked
from arabic_newsclean.output.plain import Plain
from arabic_newsclean.output.resumable import Resumable, ResumeError, state_of
from arabic_newsclean.output.target import Target, is_ours, packing_of, shards
from arabic_newsclean.progress import Bar, Tick
from arabic_newsclean.reading import Input
from arabic_newsclean.report import Report
from arabic_newsclean.shards import Shard
from arabic_newsclean.signals import Stopped, shielded

#: The status of a run that found another one at work (EX_TEMPFAIL: try again later).
LOCKED: Final = 75
USAGE: Final = 2
#: So many inputs at least, before a percentage of failures says anything.
ENOUGH: Final = 100
SHARD_SIZE: Final = 256 << 20


class MaxFailures(NamedTuple):
    """How many inputs may fail: a number, or a percentage of all so far."""

    number: float
    percent: bool = False

    def passed(self, failures: int, inputs: int) -> bool:
        """Whether there are more.

        >>> MaxFailures(2).passed(3, 3), MaxFailures(5, percent=True).passed(6, 100), MaxFailures(5, percent=True).passed(9, 10)
        (True, True, False)
        """
        if self.percent:
            return inputs >= ENOUGH and failures * 100 > self.number * inputs
        return failures > self.number


@dataclass(frozen=True, slots=True)
class Plan:
    """What is read and how, and where everything goes. Paths are as given; ``None`` is standard output, or nothing."""

    globs: Sequence[str] | None = None
    form: str | None = None
    layout: str = "record"
    output: str | None = None
    shard_size: int | None = None
    compress: str | None = None
    removed: str | None = None
    rejects: str | None = None
    report: str | None = None
    resume: bool = False
    incremental: str | None = None
    shard: Shard | None = None
    fail_fast: bool = False
    max_failures: MaxFailures | None = None
    jobs: int = 1

    @property
    def outputs(self) -> list[str]:
        """Everything that is written."""
        return [path for path in (self.output, self.removed, self.rejects, self.report, self.incremental) if path is not None]

    @property
    def is_folder(self) -> bool:
        """Whether the records go to shards."""
        return self.output is not None and (
            self.shard_size is not None
            or self.incremental is not None
            or self.output.endswith(os.sep)
            or os.path.isdir(self.output)
        )

    @property
    def is_kept(self) -> bool:
        """Whether the output is of a kind that can be replaced and resumed."""
        return self.output is not None and writing.is_kept(self.output)


class _Output(Protocol):
    def put(self, outcome: Outcome) -> None: ...

    def last(self, failed: Failed) -> None: ...


class _EnoughError(Exception):
    """More inputs failed than may; with the last of them, if it is still to be told."""

    def __init__(self, reason: str, last: Failed | None = None) -> None:
        super().__init__(reason)
        self.last = last


#: What ends a run in good order before all is done.
_ENDED: Final = (Stopped, _EnoughError, writing.NothingReadError, OSError)


def run(
    files: Iterable[Input], view: View, options: Options, report: Report, plan: Plan, bar: AbstractContextManager[Bar]
) -> int:
    """Clean every dump of the files, and return the exit status."""
    complete = False
    try:
        with bar as tracked:
            _to_its_output(tracked.files(_others(files, plan)), view, options, report, plan, tracked.tick)
        complete = True
        status = report.status
    except Stopped as stopped:
        _stopped(report, plan, f"stopped by {stopped.signal.name} after {report.counted}", event="stopped")
        status = 128 + stopped.signal
    except _EnoughError as error:
        if error.last is not None:
            report.tell(error.last)
        _stopped(report, plan, f"stopped: {error}", event="stopped")
        status = 1
    except writing.NothingReadError as error:
        report.say(str(error), event="nothing-read")
        status = 1
    except LockedError as error:
        report.say(str(error), event="locked")
        return LOCKED
    except (ResumeError, StateError, OverwriteError) as error:
        report.say(str(error), event="refused")
        return USAGE
    except OSError as error:
        if isinstance(error, BrokenPipeError) and not plan.is_kept and error.filename in (None, plan.output):
            return _summarised(report, plan, options, complete=False)  # whoever reads the records has seen enough
        name = os.fsdecode(error.filename or ".")
        ours = name != plan.incremental and os.path.basename(name).startswith(".")  # a hidden file beside the output
        place = plan.output or "standard output" if ours else name
        _stopped(report, plan, f"cannot write {place}: {error.strerror or error}", event="cannot-write")
        status = 1
    report.unwanted = report.unwanted or status != 0
    if complete:
        report.close()
    return max(status, _summarised(report, plan, options, complete=complete))


def _stopped(report: Report, plan: Plan, message: str, *, event: str) -> None:
    """Say why the run ends here, and how to go on."""
    hint = ""
    if plan.incremental is not None and report.dumps:
        hint = "; the next run does the rest"
    elif plan.is_kept and report.dumps:
        hint = "; what is done is kept: the same command with --resume goes on from there"
    report.say(message + hint, event=event, resumable=bool(hint))


def _to_its_output(files: Iterator[Input], view: View, options: Options, report: Report, plan: Plan, tick: Tick) -> None:
    if plan.is_kept and plan.is_folder:
        os.makedirs(str(plan.output), exist_ok=True)
    with _alone(plan):
        if not plan.is_kept:
            _plain(files, view, options, report, plan, tick)
        elif plan.incremental is not None:
            _incremental(files, view, options, report, plan, tick)
        else:
            _resumable(files, view, options, report, plan, tick)


@contextmanager
def _alone(plan: Plan) -> Iterator[None]:
    """Keep other runs away from each file that this one writes as it goes; the report is replaced whole at its end.

    Raises `LockedError` where one is there already, and OSError where a lock can't be made, both by the name of the output.
    """
    places = [path for path in (plan.output, plan.removed, plan.rejects) if path is not None and writing.is_kept(path)]
    locks = {path: state_of(path)[1] for path in places}
    if plan.incremental is not None:
        locks = {plan.incremental: f"{plan.incremental}.lock", **locks}
    with ExitStack() as stack:
        for path, lock in locks.items():
            try:
                stack.enter_context(locked(lock))
            except LockedError as error:
                raise LockedError(f"another run is writing {path}: {error}") from None
            except OSError as error:
                raise OSError(error.errno, error.strerror, path) from None
        yield


def _plain(files: Iterator[Input], view: View, options: Options, report: Report, plan: Plan, tick: Tick) -> None:
    with ExitStack() as stack:
        out = stack.enter_context(writing.opened(plan.output))
        removed, rejects = (
            None if path is None else stack.enter_context(_so_far(path, report)) for path in (plan.removed, plan.rejects)
        )
        inputs = _dumps(files, plan, options)
        _through(inputs, view, options, report, plan, Plain(out, removed, rejects), tick)


def _resumable(files: Iterator[Input], view: View, options: Options, report: Report, plan: Plan, tick: Tick) -> None:
    records = _records(plan)
    state = state_of(str(plan.output))[0]
    with ExitStack() as stack:
        if plan.is_folder and not (plan.resume and os.path.exists(state)) and shards(records.path):
            raise ResumeError(f"{plan.output} holds shards of another run: give an empty folder, --resume or --incremental")
        removed, rejects = (None if path is None else _beside(path, stack) for path in (plan.removed, plan.rejects))
        output = Resumable(records, report, _settings(plan, options), state=state, removed=removed, rejects=rejects)
        try:
            inputs = output.begin(_dumps(files, plan, options), resume=plan.resume)
            _through(inputs, view, options, report, plan, output, tick)
            if report.read_nothing:
                raise writing.NothingReadError(plan.output)
            with shielded():
                output.finish()
        except BaseException as error:
            output.leave(listed=isinstance(error, _ENDED))
            if isinstance(error, writing.NothingReadError | OverwriteError):
                output.drop()
            raise


@contextmanager
def _so_far(path: str, report: Report) -> Iterator[BinaryIO]:
    """A file beside the records that also takes its place where the run is ended before all is done, if any was."""
    ended = None
    with writing.opened(path) as out:
        try:
            yield out
        except _ENDED as error:
            if not (isinstance(error, _EnoughError) or report.dumps or report.failures):
                raise
            ended = error
    if ended is not None:
        raise ended


def _beside(path: str, stack: ExitStack) -> Target | BinaryIO:
    """Where something goes beside the records: to a file that is resumed with them, or to what can't be taken back."""
    return Target(path, packing=packing_of(path, None)) if writing.is_kept(path) else stack.enter_context(writing.opened(path))


def _incremental(files: Iterator[Input], view: View, options: Options, report: Report, plan: Plan, tick: Tick) -> None:
    records = _records(plan)
    with ExitStack() as stack:
        rejects = None if plan.rejects is None else stack.enter_context(_so_far(plan.rejects, report))
        output = Incremental(str(plan.incremental), records, report, _settings(plan, options), rejects)
        try:
            inputs = output.dumps(_dumps(output.files(files), plan, options))
            _through(inputs, view, options, report, plan, output, tick)
            with shielded():
                output.finish()
        except BaseException:
            output.leave()
            raise


def _records(plan: Plan) -> Target:
    path = str(plan.output)
    if not plan.is_folder:
        return Target(path, packing=packing_of(path, plan.compress))
    return Target(path, packing=plan.compress, shard_size=plan.shard_size or SHARD_SIZE)


def _dumps(files: Iterator[Input], plan: Plan, options: Options) -> Iterator[Input]:
    found = reading.dumps(files, plan.form, globs=plan.globs, limit=options.limit)
    return found if plan.shard is None else plan.shard.share(found)


def _through(
    inputs: Iterator[Input], view: View, options: Options, report: Report, plan: Plan, output: _Output, tick: Tick
) -> None:
    """Every input to its place in the output. What was begun is finished before a signal ends it."""
    for outcome in parallel.outcomes(inputs, view, options, plan.jobs):
        if plan.fail_fast and isinstance(outcome, Failed):
            with shielded():
                output.last(outcome)
            raise _EnoughError("--fail-fast", outcome)
        with shielded():
            report.tell(outcome)
            output.put(outcome)
            tick(report.dumps)
        if plan.max_failures is not None and plan.max_failures.passed(report.failures, report.dumps + report.failures):
            raise _EnoughError("more inputs failed than --max-failures allows")


def _others(files: Iterable[Input], plan: Plan) -> Iterator[Input]:
    """The files that are none of ours: what a walk finds in the place of the output is not read."""
    names = tuple(os.path.basename(path) for path in plan.outputs)
    beside = (writing.TEMPORARY, *(f".{name}." for name in names))
    if plan.incremental is not None:
        beside += (f"{names[-1]}.lock", f"{names[-1]}-journal")
    folder = os.path.realpath(str(plan.output)) if plan.is_folder else None
    for file in others(files, plan.outputs):
        name = os.path.basename(file.path)
        if name.startswith(beside):
            continue
        if folder is None or not is_ours(name) or os.path.dirname(os.path.realpath(file.path)) != folder:
            yield file


def _settings(plan: Plan, options: Options) -> dict[str, Any]:
    """What the bytes of the output depend on, but for the inputs."""
    rules = {} if options.rules is None else {rule.name: asdict(rule) for rule in options.rules}
    return {
        "version": __version__,
        "encoding": options.encoding,
        "rules": hashlib.sha256(repr(sorted(rules.items())).encode()).hexdigest()[:16],
        "now": None if options.now is None else options.now.isoformat(),
        "text-key": options.key,
        "keep-meta": options.keep_meta,
        "max-dump-bytes": options.limit,
        "glob": None if plan.globs is None else list(plan.globs),
        "input-format": plan.form,
        "layout": plan.layout,
        "shard": None if plan.shard is None else str(plan.shard),
        "profile": None if options.profile is None else hashlib.sha256(options.profile.dumps()).hexdigest()[:16],
        "shard-size": (plan.shard_size or SHARD_SIZE) if plan.is_folder else None,
        "compress": plan.compress,
        "removed": plan.removed,
        "rejects": plan.rejects,
    }


def _summarised(report: Report, plan: Plan, options: Options, *, complete: bool) -> int:
    """Write the report, if one is wanted."""
    if plan.report is None:
        return 0
    about = {"version": __version__, "complete": complete, "options": {**_settings(plan, options), "jobs": plan.jobs}}
    try:
        with writing.opened(plan.report) as out:
            out.write(json.dumps(report.summary(**about), ensure_ascii=False, indent=2).encode() + b"\n")
    except OSError as error:
        report.say(f"cannot write {plan.report}: {error.strerror}", event="cannot-write")
        return 1
    return 0
