"""What the relay does with what passes: nothing, so far."""


def from_client(data: bytes) -> bytes:
    return data


def from_server(data: bytes) -> bytes:
    return data
