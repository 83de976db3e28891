"""A small authoritative name server: ``python nameserver.py PORT`` answers on loopback, by UDP.

Each file ``zones/NAME`` is the zone NAME, written as in RFC 1035; lines that begin with # are left out.
A saved zone is served at once.
"""

import re
import socket
import sys
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset
import dns.zone

ZONES = Path(__file__).with_name("zones")
MOST_ALIASES = 8


def load():
    """Return the zones by name, and print what is wrong with those that cannot be read."""
    zones = {}
    for path in sorted(ZONES.iterdir()):
        name = dns.name.from_text(path.name)
        try:
            text = re.sub("(?m)^#.*", "", path.read_text(encoding="utf-8"))
            zones[name] = dns.zone.from_text(text, origin=name, relativize=False)
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            print(f"zones/{path.name} is not served: {error or type(error).__name__}", flush=True)
    return zones


def saved():
    """Return what changes when a zone is saved."""
    return [(path.name, path.stat().st_mtime_ns) for path in sorted(ZONES.iterdir())]


def answer(zones, query):
    """Return the response to ``query``: aliases are followed as long as they stay in one zone."""
    response = dns.message.make_response(query)
    [question] = query.question
    zone = next((zones[name] for name in ancestors(question.name) if name in zones), None)
    if zone is None:
        response.set_rcode(dns.rcode.REFUSED)
        return response
    response.flags |= dns.flags.AA
    name = question.name
    for _ in range(MOST_ALIASES):
        if found := zone.get_rdataset(name, question.rdtype):
            response.answer.append(dns.rrset.from_rdata_list(name, found.ttl, found))
            return response
        alias = zone.get_rdataset(name, dns.rdatatype.CNAME)
        if alias is None:
            break
        response.answer.append(dns.rrset.from_rdata_list(name, alias.ttl, alias))
        name = alias[0].target
        if not name.is_subdomain(zone.origin):
            return response
    else:
        return response
    if not any(known.is_subdomain(name) for known in zone):
        response.set_rcode(dns.rcode.NXDOMAIN)
    soa = zone.get_rdataset(zone.origin, dns.rdatatype.SOA)
    ttl = min(soa.ttl, soa[0].minimum)  # for this long nobody asks again: RFC 2308
    response.authority.append(dns.rrset.from_rdata_list(zone.origin, ttl, soa))
    return response


def ancestors(name):
    """Yield ``name`` and the names above it, up to the root."""
    while name != dns.name.root:
        yield name
        name = name.parent()


def serve(host, port):
    """Answer until the process ends; print one line for each question."""
    zones, seen = load(), saved()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((host, port))
        print("ready", flush=True)
        while True:
            packet, client = sock.recvfrom(4096)
            try:
                query = dns.message.from_wire(packet)
                [question] = query.question
            except (dns.exception.DNSException, ValueError):
                print("a packet that is no question", flush=True)
                continue
            if saved() != seen:
                zones, seen = load(), saved()
            response = answer(zones, query)
            print(
                f"{question.name} {dns.rdatatype.to_text(question.rdtype)}: "
                f"{dns.rcode.to_text(response.rcode())}, {len(response.answer)} in the answer",
                flush=True,
            )
            sock.sendto(response.to_wire(), client)


if __name__ == "__main__":
    serve(sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1", int(sys.argv[1]))
