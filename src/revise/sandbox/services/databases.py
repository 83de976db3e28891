"""A PostgreSQL database for each project: where it is, how it is made afresh, SQL that is run in it.

Its address stands in ``database.json`` in the project's folder. The settings read it, and so does
`Project.sql`; so whoever runs the project's code, from wherever, finds the project's own database.
"""

import json
import os

ADDRESS = "database.json"
TAKEN = ("postgres", "template0", "template1")
LONGEST_NAME = 63  # bytes: PostgreSQL cuts a longer name


def lay(starter, folder):
    """Give the project in ``folder`` a fresh database, a copy of the starter's; note its address.

    Raises PostgresMissing, PostgresFailed.
    """
    from .clusters import template
    from .postgres import OWNER, postgres

    server = postgres()
    name = folder.name[:LONGEST_NAME] + ("_" if folder.name in TAKEN else "")
    with server.admin() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{template(starter)}"')
    write_address(folder, server, name)


def write_address(folder, server, name):
    """Write the address of the database ``name`` into the project's folder, in Django's words."""
    from .postgres import OWNER

    address = {"HOST": server.folder, "NAME": name, "USER": OWNER}
    (folder / ADDRESS).write_text(json.dumps(address, indent=4) + "\n")


def dsn(text):
    """Return the connection string for the address that the text of ``database.json`` tells."""
    address = json.loads(text)
    return f"host={address['HOST']} dbname='{address['NAME']}' user={address['USER']}"


def run(text, params, folder):
    """Run SQL in the database of the project in ``folder``; return what is to be told of it.

    Several statements are one transaction, as for ``psql -c``; the rows are those of the last one.
    Called in a process that was forked for it.
    """
    import psycopg

    with open(os.path.join(folder, ADDRESS), encoding="utf-8") as file:
        words = dsn(file.read())
    try:
        with psycopg.connect(words, autocommit=True) as connection:
            cursor = connection.execute(text, params)
            while cursor.nextset():
                pass
            return _told(cursor)
    except psycopg.Error as error:
        return {"error": f"{type(error).__name__}: {_message(error)}", "said": _as_psql(error)}


def _told(cursor):
    from ..display.rows import rows_bundle
    from ..values import plain

    if cursor.description is None:
        value = {"columns": [], "rows": [], "tag": cursor.statusmessage}
        return {"value": value, "display": {"text/plain": cursor.statusmessage or ""}}
    columns, rows = [column.name for column in cursor.description], cursor.fetchall()
    value = {"columns": columns, "rows": rows, "tag": cursor.statusmessage}
    return {"value": plain(value), "display": rows_bundle(columns, rows)}


def _message(error):
    return error.diag.message_primary or str(error).strip()


def _as_psql(error):
    """Return the words of psql for an error: what, where in the text, and the details."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return f"{error.diag.severity or 'ERROR'}:  " + "\n".join(lines) + "\n"
