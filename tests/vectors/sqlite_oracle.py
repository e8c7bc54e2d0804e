# SPDX-License-Identifier: Apache-2.0
"""The second oracle: pySigma's SQLite backend turns the rule into SQL, and SQLite runs it.

Each event is a table of one row, with a column for each of its fields and of the rule's: texts are
TEXT COLLATE NOCASE, numbers NUMERIC, booleans the texts true and false, as the backend expects.
"""
import re
import sqlite3

from sigma.backends.sqlite import sqliteBackend

from condition_tree import OBJECT, NumberText, fields_of, text_of


def regexp(pattern, text):
    return text is not None and re.search(pattern, str(text)) is not None


def column(name):
    return '"' + name.replace('"', '""') + '"'


def stored(value):
    """(declared type, value) of a field."""
    if isinstance(value, NumberText):
        return "NUMERIC", str(value)
    if value is None:
        return "TEXT COLLATE NOCASE", None
    return "TEXT COLLATE NOCASE", text_of(value)


def row_matches(query, fields, wanted):
    columns = {name: ("TEXT COLLATE NOCASE", None) for name in wanted}
    for name, values in fields.items():
        columns[name] = stored(values[0])
    everything = [text_of(v) for values in fields.values() for v in values if v is not None]
    columns["all_values"] = ("TEXT COLLATE NOCASE", "\n".join(everything))
    connection = sqlite3.connect(":memory:")
    try:
        connection.create_function("regexp", 2, regexp, deterministic=True)
        names = ", ".join(f"{column(n)} {kind}" for n, (kind, _) in columns.items())
        connection.execute(f"CREATE TABLE logs ({names})")
        marks = ", ".join("?" for _ in columns)
        connection.execute(f"INSERT INTO logs VALUES ({marks})", [v for _, v in columns.values()])
        return connection.execute(query).fetchone() is not None
    finally:
        connection.close()


def unsuited(events):
    """Why these events do not fit into a table of one row a field, or ""."""
    for text in events:
        fields = fields_of(text)
        if any(len(values) != 1 or values[0] is OBJECT for values in fields.values()):
            return "a field of several values is no column"
        if len({name.lower() for name in fields}) != len(fields):
            return "names of columns do not differ by case"
    return ""


def matches(collection, events, pipeline=None):
    """(indices of the events that match, "") or (None, why SQL cannot be asked)."""
    reason = unsuited(events)
    if reason:
        return None, reason
    try:
        backend = sqliteBackend(pipeline, collate_nocase=True, fulltext_field="all_values")
        queries = backend.convert(collection)
        wanted = backend.required_fields(collection.rules[0])
        return [i for i, text in enumerate(events)
                if any(row_matches(query, fields_of(text), wanted) for query in queries)], ""
    except Exception as error:  # whatever a backend cannot convert, and SQLite cannot run
        return None, f"{type(error).__name__}: {error}".split("\n")[0][:120]
