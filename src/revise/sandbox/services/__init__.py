"""Services that a notebook starts: real servers, without root, gone when the kernel is gone.

- ``programs``: where PostgreSQL's programs are.
- ``guard``: the process that starts PostgreSQL, watches the notebook, and cleans up.
- ``postgres``: one PostgreSQL server per kernel.
- ``clusters``: a ready data folder with the starters' databases in it, kept for the next time.
- ``databases``: a database for each project, and SQL that is run in it.
"""
