"""What ends a question of the judge's to the learner's process."""

from revise.errors.base import ReviseError


class JudgeError(ReviseError):
    """A check could not ask the learner's process: the check fails, the judge goes on."""


class ChannelClosed(JudgeError):
    """The process at the other end of the wire has ended."""

    @classmethod
    def by_peer(cls):
        return cls(
            "the process that runs your code ended before it answered. Look for os._exit, a crash "
            "in an extension, or more memory than there is."
        )


class ChannelTimeout(JudgeError):
    """The other side did not answer in time."""

    @classmethod
    def in_time(cls):
        return cls(
            "your code did not answer in time. Look for a loop that never ends, or a wait for "
            "something that never comes."
        )

    @classmethod
    def endless(cls, count):
        return cls(f"your iterator gave {count:,} items and did not end. Look at where it stops.")


class ChannelAbuse(JudgeError):
    """What came over the wire is no message."""

    @classmethod
    def malformed(cls, why):
        return cls(f"the process that runs your code sent something that is no message: {why}.")

    @classmethod
    def too_large(cls, size, most):
        return cls(f"a message of {size:,} bytes is too large: return {most:,} bytes or less.")


class ForgedReply(JudgeError):
    """A reply does not fit what was asked: no honest program sends it."""

    @classmethod
    def because(cls, why):
        return cls(f"the process that runs your code sent a reply that cannot be true: {why}.")


class AnswerExited(JudgeError):
    """The learner's code raised what ends a program (SystemExit, KeyboardInterrupt, …)."""

    @classmethod
    def by(cls, what):
        return cls(f"your code raised {what}, which ends a program. Return or raise an Exception.")


class NotPlain(JudgeError, TypeError):
    """A value cannot travel between judge and learner."""

    @classmethod
    def value(cls, what):
        return cls(
            f"{what} is not plain data, so it cannot leave the process. Make it a number, a text, "
            "a list or a dict of these first."
        )

    @classmethod
    def too_deep(cls):
        return cls("tuples are nested too deeply to travel. Give lists, or fewer levels.")

    @classmethod
    def too_many(cls, most):
        return cls(f"a value holds too many lists, dicts or objects. Give {most:,} or fewer.")
