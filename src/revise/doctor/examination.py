"""Everything that is tried, in order."""

from collections.abc import Iterator

from revise.doctor import classroom, environment, servers
from revise.doctor.findings import Finding, Probe, examine

GRADE = "Without it nothing is graded unless you trust every submission: docs/grading.md."


def probes() -> list[Probe]:
    """Return all probes; what is cheap and what others stand on comes first."""
    return [
        Probe("learner", "Python", environment.python),
        Probe("learner", "packages", environment.packages, environment.MAKE_LAB),
        *environment.folders(),
        Probe("learner", "memory", environment.memory),
        Probe("learner", "notebook", environment.kernel),
        Probe("learner", "ports", servers.loopback),
        Probe("learner", "projects", servers.project, "Sections 2 to 10 need it."),
        Probe("learner", "PostgreSQL", servers.postgres, "Sections 4 and 9 need it."),
        Probe("learner", "Redis", servers.redis, "Sections 6 and 10 need it."),
        Probe("learner", "nginx", servers.nginx, "Sections 7 and 8 need it."),
        Probe("teacher", "isolation", classroom.isolation, GRADE),
        Probe("teacher", "gradebook", classroom.gradebook),
        Probe("teacher", "several machines", classroom.dask),
        Probe("teacher", "images", classroom.engine),
        Probe("author", "browser", classroom.chromium),
        Probe("author", "tests", classroom.tools),
    ]


def examination() -> Iterator[Finding]:
    """Yield a finding for each probe, as soon as it is there."""
    return map(examine, probes())
