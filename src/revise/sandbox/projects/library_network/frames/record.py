"""Record what crosses two Ethernets when a kiosk asks the library for its books. Linux, as root.

Three network namespaces of one machine stand for three machines: the kiosk, a router, the server. Virtual
Ethernet cables (veth) join them. Linux itself is the router. On the server run this folder's name server and
the live project. Two AF_PACKET sockets, one on each cable, write down every frame, byte by byte:

    python frames/record.py      writes frames/branch.txt (kiosk to router) and frames/servers.txt (router to server)
"""

import ctypes
import os
import select
import socket
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent
KIOSK, BRANCH_GATEWAY = "10.20.3.7", "10.20.3.1"
SERVER, SERVERS_GATEWAY = "10.20.0.10", "10.20.0.1"
MACS = {
    "kiosk": "02:00:00:03:00:07",
    "branch": "02:00:00:03:00:01",
    "servers": "02:00:00:00:00:01",
    "server": "02:00:00:00:00:10",
}
OFF = (0x17, 0x1F, 0x24, 0x2C)  # checksums, big segments: what a card would do, the kernel shall do

ASK = f"""
import socket, struct, urllib.request
import dns.message, dns.query
dns.query.udp(dns.message.make_query("kiosk.library.example", "A", id=0x2a17, use_edns=False), "{SERVER}", port=53)
print(len(urllib.request.urlopen("http://{SERVER}:8000/books/").read()), "bytes of HTML")
"""


def run(where, *words):
    """Run a program in the namespace of the process ``where``."""
    subprocess.run(["nsenter", "-t", str(where), "-n", *words], check=True)


def plain_ethernet(where, device):
    """Let the kernel make each segment and each checksum itself, as they cross a real cable."""
    code = f"""
import ctypes, fcntl, socket, struct
with socket.socket() as sock:
    for command in {OFF}:
        value = ctypes.create_string_buffer(struct.pack("II", command, 0))
        fcntl.ioctl(sock, 0x8946, struct.pack("16sP", b"{device}", ctypes.addressof(value)))
"""
    run(where, sys.executable, "-c", code)


def namespace():
    """Return a process that does nothing, in a network of its own."""
    process = subprocess.Popen(["unshare", "-n", "sleep", "60"])
    mine = os.readlink("/proc/self/ns/net")
    while os.readlink(f"/proc/{process.pid}/ns/net") == mine:
        time.sleep(0.01)
    for family in ("all", "default"):
        run(process.pid, "sh", "-c", f"echo 1 > /proc/sys/net/ipv6/conf/{family}/disable_ipv6")
    return process


def cable(one, two):
    """Lay a cable between two devices: (process, device, MAC, address/prefix) each."""
    run(
        one[0],
        *f"ip link add {one[1]} address {one[2]} type veth peer name {two[1]} address {two[2]} netns {two[0]}".split(),
    )
    for where, device, _mac, address in (one, two):
        run(where, "ip", "address", "add", address, "dev", device)
        run(where, "ip", "link", "set", device, "up")
        plain_ethernet(where, device)


def packets_of(where, device):
    """Return an AF_PACKET socket on a device of another namespace."""
    libc, mine = ctypes.CDLL(None, use_errno=True), os.open("/proc/self/ns/net", os.O_RDONLY)
    theirs = os.open(f"/proc/{where}/ns/net", os.O_RDONLY)
    libc.setns(theirs, 0)
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind((device, 0))
    libc.setns(mine, 0)
    return sock


def main():
    holders = [namespace() for _ in range(3)]
    kiosk, router, server = (holder.pid for holder in holders)
    programs = []
    try:
        cable(
            (kiosk, "eth0", MACS["kiosk"], f"{KIOSK}/26"),
            (router, "branch", MACS["branch"], f"{BRANCH_GATEWAY}/26"),
        )
        cable(
            (server, "eth0", MACS["server"], f"{SERVER}/24"),
            (router, "servers", MACS["servers"], f"{SERVERS_GATEWAY}/24"),
        )
        for where, device in (
            (kiosk, "eth0"),
            (router, "branch"),
        ):  # so that a page takes several segments
            run(where, "ip", "link", "set", device, "mtu", "576")
        run(kiosk, "ip", "route", "add", "default", "via", BRANCH_GATEWAY)
        run(server, "ip", "route", "add", "default", "via", SERVERS_GATEWAY)
        run(router, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        enter = ["nsenter", "-t", str(server), "-n", sys.executable]
        code = f"import library.settings as s; s.ALLOWED_HOSTS += ['{SERVER}']; s.DEBUG = False; import manage; manage.main()"
        for argv in (
            ["nameserver.py", "53", SERVER],
            ["-c", code, "runserver", f"{SERVER}:8000", "--noreload"],
        ):
            programs.append(subprocess.Popen([*enter, *argv], cwd=FOLDER))
        time.sleep(3)
        recordings = {
            "branch": packets_of(router, "branch"),
            "servers": packets_of(router, "servers"),
        }
        asking = subprocess.Popen(["nsenter", "-t", str(kiosk), "-n", sys.executable, "-c", ASK])
        frames, start, end = {name: [] for name in recordings}, None, None
        while end is None or time.monotonic() < end:
            for sock in select.select(list(recordings.values()), [], [], 0.05)[0]:
                frame, now = sock.recv(65535), time.monotonic()
                start = start or now
                [name] = [name for name, one in recordings.items() if one is sock]
                frames[name].append(f"{now - start:.6f} {frame.hex()}")
            if end is None and asking.poll() is not None:
                end = time.monotonic() + 0.5
        for name, lines in frames.items():
            (FOLDER / f"frames/{name}.txt").write_text("\n".join(lines) + "\n")
            print(f"frames/{name}.txt: {len(lines)} frames")
    finally:
        for program in (*programs, *holders):
            program.kill()
            program.wait()


if __name__ == "__main__":
    main()
