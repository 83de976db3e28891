"""How this project hashes passwords: scrypt, at a fifth of Django's price."""

from django.contrib.auth.hashers import ScryptPasswordHasher


class QuickScryptPasswordHasher(ScryptPasswordHasher):
    """One lane instead of five: a login takes 0.04 s of CPU, which an exercise with ten of them feels."""

    parallelism = 1
