"""The workers of one project: one that has the newest code, and old ones that finish their work."""

import time

from . import freshness, processes
from .channel import BEGUN, DONE, READ, STARTED, UPGRADED
from .handle import WorkerHandle

RETRY_A_HANG_SECONDS = 30.0  # how long a project that hung while loading is not tried again
MOST_TRIES = 3


class Crew:
    """Forks workers, gives them requests, hears from them, ends and buries them.

    ``desk`` is the supervisor: it holds the connections, answers in a worker's stead, and keeps
    the log.
    """

    def __init__(self, desk, load_with):
        self.desk, self.load_with, self.folder = desk, load_with, load_with["folder"]
        self.worker = None
        self.retired = []  # they finish what they have, and get nothing new
        self.homeless = {}  # requests between two workers, by number
        self.hung = (None, 0.0, None)  # a stamp that hung while loading, until when, its answer

    def workers(self):
        """Return the workers that still run."""
        return [*([self.worker] if self.worker else []), *self.retired]

    def end(self):
        """Kill every worker, and what the learner's code started (Linux)."""
        for worker in self.workers():
            processes.kill_group(worker.pid)
        processes.sweep()

    # Requests in

    def dispatch(self, request):
        """Pass a request to the fresh worker, or say why there is none."""
        request.tries += 1
        self.homeless[request.number] = request
        try:
            worker = self.fresh_worker()
        except FileNotFoundError:
            gone = f"{self.folder} is gone: it was deleted or moved.\n"
            self.desk.reply(request, 500, gone, "the project's folder is gone")
            return
        except OSError as error:
            said = f"the sandbox could not start a process: {error}"
            self.desk.reply(request, 500, f"{said}\n", said)
            return
        finally:
            del self.homeless[request.number]
        if worker is None:
            self.desk.reply(request, 504, *self.hung[2])
            return
        worker.requests[request.number] = request
        if worker.ready:
            worker.connect(request)

    def fresh_worker(self):
        """Return a worker with the newest code (None: this code hung), fork one when files changed.

        Raises OSError: the folder is gone, or no process can be had.
        """
        stamp = freshness.stamp(self.folder)
        if self.hung[0] == stamp and time.monotonic() < self.hung[1]:
            return None
        if self.worker and (self.worker.stamp != stamp or self.worker.failed):
            self.retire(self.worker)
        if self.worker is None:
            worker = WorkerHandle.start(stamp, self.desk.log, self.load_with, self.close_in_child)
            self.desk.watch(worker.channel, lambda _: self.hear(worker))
            self.worker = worker
        return self.worker

    def close_in_child(self):
        """In a new worker: close what belongs to the supervisor and to other workers.

        A client sees the end of its connection only when every process has let go of it.
        """
        self.desk.close_in_child()
        for request in self.homeless.values():
            request.close()
        for worker in self.workers():
            worker.close()

    # News

    def hear(self, worker):
        """Take in a worker's news."""
        for message in worker.messages():
            if "ready" in message:
                self.now_ready(worker)
            elif "failed" in message:
                worker.failed = (message["failed"], message["exception"])
                for request in worker.take_requests():
                    self.desk.reply(request, 500, *worker.failed)
            elif "number" in message:
                self.news_of(worker, message["number"], message["news"])
        if worker in self.retired and not worker.requests:
            processes.kill_group(worker.pid)

    def now_ready(self, worker):
        """The project is loaded: hand over what waits. Loading was not the view's time."""
        worker.ready = True
        for request in worker.requests.values():
            request.deadline = time.monotonic() + self.desk.timeout
            worker.connect(request)

    def news_of(self, worker, number, news):
        """A request went on: forget it, or give it more time."""
        request = worker.requests.get(number)
        if request is None:
            return
        if news == READ:
            request.read = True
        if news == BEGUN:
            request.begun = True
        if news in (STARTED, UPGRADED, DONE):
            request.close()
        if news == STARTED:
            request.deadline = time.monotonic() + self.desk.timeout
        if news in (UPGRADED, DONE):
            del worker.requests[number]

    # The end of a worker

    def retire(self, worker):
        """Give a worker nothing new; kill it when it has nothing left."""
        if worker is self.worker:
            self.worker = None
            self.retired.append(worker)
        if not worker.requests:
            processes.kill_group(worker.pid)

    def reap(self):
        """Bury the workers that have ended; other children are orphans of the learner's code."""
        for pid, status, _usage in processes.reap():
            for worker in self.workers():
                if worker.pid == pid:
                    self.bury(worker, status)

    def bury(self, worker, status):
        """A worker has ended: answer its requests, or give those it had not read to the next one."""
        self.hear(worker)
        processes.kill_group(worker.pid)  # what it left in its group
        requests = worker.take_requests()
        self.desk.selector.unregister(worker.channel)
        worker.close()
        if worker is self.worker:
            self.worker = None
        else:
            self.retired.remove(worker)
        said = worker.killed_because or f"the server process {processes.ending(status)}"
        self.homeless |= {request.number: request for request in requests}
        for request in requests:
            self.homeless.pop(request.number)
            if not worker.ready:
                text = f"While the project was loaded, {said}.\n"
                self.desk.reply(request, 502, text, f"{said} while it was loaded")
            elif request.read or request.tries >= MOST_TRIES:
                text = f"While it answered {request.line}, {said}.\n"
                self.desk.reply(request, 502, text, said)
            else:
                request.deadline = time.monotonic() + self.desk.timeout
                self.dispatch(request)

    # Time

    def deadlines(self):
        """Yield when each request is overdue."""
        for worker in self.workers():
            if worker.killed_because is None:
                yield from (request.deadline for request in worker.requests.values())

    def expire(self):
        """Deal with the workers that have overdue requests."""
        for worker in self.workers():
            if worker.killed_because is None and worker.overdue():
                self.overdue(worker)

    def overdue(self, worker):
        """Requests took too long: find out where the worker is, answer, and end what hangs."""
        responsive, place = worker.where()
        self.hear(worker)
        at = f", {place}" if place else ""
        if not worker.ready:
            self.give_up_loading(worker, at)
            return
        for request in worker.overdue():
            if responsive and not (request.begun and request.connection):
                del worker.requests[request.number]
                self.cut_off(request, at)
                worker.drop(request)
            elif request.read:
                del worker.requests[request.number]
                said = f"no answer within {self.desk.timeout:g} s{at}"
                self.desk.reply(request, 504, f"{request.line}: {said}\n", said)
                self.retire(worker)
            # One that was not even read is blameless: the next worker gets it.
        if not responsive:
            self.retire(worker)
            worker.killed_because = f"the server was restarted: it hung{at}"
            processes.kill_group(worker.pid)

    def cut_off(self, request, at):
        """End a request whose client, or whose stream, does not go on."""
        seconds = f"{self.desk.timeout:g} s"
        if request.connection is None:
            self.desk.note(f"{request.line}: nothing more came for {seconds}{at}; it was cut off")
        else:
            text = "The request did not arrive in full.\n"
            self.desk.reply(request, 408, text, f"half a request within {seconds}")

    def give_up_loading(self, worker, at):
        """The project hangs while it is imported: no use in trying again until it is mended."""
        said = f"the project was not loaded within {self.desk.timeout:g} s{at}"
        self.hung = (worker.stamp, time.monotonic() + RETRY_A_HANG_SECONDS, (f"{said}\n", said))
        for request in worker.take_requests():
            self.desk.reply(request, 504, *self.hung[2])
        self.retire(worker)
