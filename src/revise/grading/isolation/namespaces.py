"""Linux namespaces, mounts and capabilities, by the system calls that Python 3.11 does not have.

Numbers are from the kernel's headers, named beside each. Every function raises OSError with the
name of the call that was refused.
"""

import array
import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import struct
from pathlib import Path

# <linux/sched.h>
NEWNS, NEWUTS, NEWIPC = 0x00020000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
# <linux/mount.h>
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x8, 0x4000, 0x40000
# <linux/prctl.h>
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
# <linux/capability.h>
CAPABILITY_VERSION_3, LAST_CAPABILITY = 0x20080522, 63
# <linux/sockios.h>, <linux/if.h>
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1

_libc = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Leave the namespaces named by ``flags`` for new ones."""
    _checked(_libc.unshare(flags), "unshare")


def enter(flags: int, user: tuple[int, int] | None = None) -> None:
    """Enter new namespaces, a user namespace among them, as ``user`` and group; as the same by default."""
    uid, gid = os.getuid(), os.getgid()
    user_inside, group_inside = user or (uid, gid)
    hide_memory(False)  # the files below belong to whoever may read this process's memory
    unshare(flags | NEWUSER)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user_inside} {uid} 1"),
        ("gid_map", f"{group_inside} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def keep_mounts_private() -> None:
    """From here on what is mounted is seen by this mount namespace alone."""
    _mount(None, "/", None, MS_REC | MS_PRIVATE)


def mount_tmpfs(target: str, size: int, *, mode: int = 0o755) -> None:
    """Mount an empty file system of ``size`` bytes, kept in memory, on ``target``."""
    options = f"size={size},nr_inodes={max(1024, size // 4096)},mode={mode:o}"
    _mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options)


def mount_proc() -> None:
    """Show this pid namespace, and nothing outside of it, in ``/proc``."""
    _mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)


def mount_terminals() -> None:
    """Have pseudo-terminals of one's own in ``/dev/pts``."""
    _mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666")


def raise_loopback() -> None:
    """Bring up the one interface of a new network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = array.array("B", struct.pack("16sH14x", b"lo", 0))
        fcntl.ioctl(handle, SIOCGIFFLAGS, request, True)
        (flags,) = struct.unpack_from("H", request, 16)
        fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def refuse_user_namespaces() -> None:
    """Let nobody in this user namespace make another one, where they would have every capability."""
    with open("/proc/sys/user/max_user_namespaces", "w") as file:
        file.write("0")


def enter_ipc(most: int, flags: int) -> None:
    """Enter an IPC namespace whose System V segments have ``most`` bytes together, then those of
    ``flags``, as the same user."""
    user = os.getuid(), os.getgid()
    enter(NEWIPC, user=(0, 0))  # the limit is the namespace's root's to set
    pages = most // os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError):  # before Linux 5.19 it is not ours to set
        Path("/proc/sys/kernel/shmall").write_text(str(pages))
    enter(flags, user)


def give_up_privileges() -> None:
    """Drop every capability for good, and gain none by running a program."""
    _checked(_libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(no_new_privs)")
    with contextlib.suppress(OSError):
        _checked(_libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "ambient")
    for capability in range(LAST_CAPABILITY + 1):
        if _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            break  # beyond the last one that this kernel has
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")


def hide_memory(hidden: bool = True) -> None:
    """Refuse to be traced, and to have memory and descriptors read, by processes of the same user."""
    _checked(_libc.prctl(PR_SET_DUMPABLE, int(not hidden), 0, 0, 0), "prctl(dumpable)")


def die_with_parent(bound: bool = True) -> None:
    """Be killed when the process that forked this one ends; or no longer, with ``bound`` false."""
    number = signal.SIGKILL if bound else 0
    _checked(_libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0), "prctl(pdeathsig)")


def set_host_name(name: str) -> None:
    """Name the machine of a new UTS namespace."""
    socket.sethostname(name)


def _mount(source, target, kind, flags, options=None):
    encoded = [None if one is None else os.fsencode(one) for one in (source, target, kind, options)]
    source, path, kind, options = encoded
    _checked(_libc.mount(source, path, kind, ctypes.c_ulong(flags), options), f"mount({target})")


def _checked(result: int, call: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
