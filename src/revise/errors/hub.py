"""What keeps a hub from starting, or a person from being enrolled on it."""

from revise.errors.base import ReviseError


class HubMissing(ReviseError):
    """A part of what a hub needs is not installed."""

    @classmethod
    def named(cls, name):
        return cls(f"a hub needs {name}, which is not installed. Run `make hub`: it installs it.")


class NoTeacher(ReviseError):
    """A hub on which nobody teaches."""

    @classmethod
    def at(cls, folder):
        return cls(
            f"nobody teaches on the hub of {folder} yet. Add yourself: revise hub teacher NAME"
        )


class UnfitName(ReviseError):
    """A name that cannot name a person on a hub."""

    @classmethod
    def of(cls, name):
        return cls(
            f"{name!r} cannot be a name on the hub: it names folders, so it begins with a letter and has "
            "at most 32 letters a-z, digits, - and _."
        )


class BadRoster(ReviseError):
    """A list of learners that cannot be taken; nobody was enrolled."""

    @classmethod
    def at(cls, path, reason):
        return cls(
            f"nobody was enrolled from {path}: {reason}. It is a CSV file with the columns student_id, "
            "first_name, last_name and email."
        )


class ServerNotIsolated(ReviseError):
    """A learner's server on a hub cannot have a wall, so it is not started."""

    @classmethod
    def because(cls, reason):
        return cls(
            f"Learners' servers cannot be isolated here: {reason}. Run the hub on Linux with user namespaces "
            "(`revise doctor` says whether they work), or as a cluster: deploy/kubernetes/."
        )
