"""What all programs of one run share: the job, the folders, the services that they may call."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.checks.downstream import NAMES, Downstream
from app.checks.job import Job
from app.checks.limits import Limits
from app.checks.recorder import Recorder
from app.checks.spare import FIRST, Spare
from app.checks.waiting import Deadline


@dataclass(frozen=True)
class Bench:
    """What all programs of one run share. A service listens only where the manifest's `env` asks for it."""

    job: Job
    recorder: Recorder
    deadline: Deadline
    spare: Spare
    services: Mapping[str, Downstream] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST))

    @property
    def work(self) -> Path:
        """The folder of the run's one sized file system."""
        return Path(self.job.walls.work)

    @property
    def limits(self) -> Limits:
        """What one start may use."""
        return self.job.limits


def make_bench(job: Job, recorder: Recorder, deadline: Deadline, spare: Spare) -> Bench:
    """Start the services for which the manifest's `env` asks, and put their URLs in its place."""
    asked = set(job.environment.values()) & set(NAMES)
    services = {name: Downstream(recorder, deadline, name) for name in asked}
    environment = {
        name: services[value].url if value in services else value for name, value in job.environment.items()
    }
    return Bench(replace(job, environment=environment), recorder, deadline, spare, services)
