"""Statements that are run for every article: compiled once for each dialect, then handed to the driver as they are.

What SQLAlchemy does around each run (cache key, context, result) costs several times what the statement itself does. Values are
converted for the columns they go to; what comes back is as the driver gives it: for numbers, text and bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import ClauseElement, Connection, Dialect
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """`lists` name the parameters of IN, which may be of any length but empty."""

    def __init__(self, statement: ClauseElement, *lists: str) -> None:
        self._statement = statement
        self._lists = lists
        self._known: dict[tuple[str, ...], _Compiled] = {}

    def rows(self, db: Connection, parameters: Mapping[str, Any]) -> list[Any]:
        """The rows as the driver gives them."""
        compiled = self._compile(db, parameters, tuple(str(len(parameters[name])) for name in self._lists))
        values = dict(parameters)
        for name in self._lists:
            values |= {f"{name}_{place}": value for place, value in enumerate(values.pop(name), 1)}
        cursor = db.connection.cursor()
        try:
            cursor.execute(compiled.sql, compiled.arguments(values))
            return list(cursor.fetchall())
        finally:
            cursor.close()

    def many(self, db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each row; all have the same columns."""
        if not rows:
            return
        compiled = self._compile(db, rows[0], tuple(rows[0]))
        cursor = db.connection.cursor()
        try:
            cursor.executemany(compiled.sql, compiled.each(rows))
        finally:
            cursor.close()

    def _compile(self, db: Connection, parameters: Mapping[str, Any], shape: tuple[str, ...]) -> "_Compiled":
        key = (db.dialect.name, *shape)
        if key not in self._known:
            columns = None if self._lists else list(parameters)
            compiled = self._statement.compile(dialect=db.dialect, column_keys=columns)
            if not isinstance(compiled, SQLCompiler):
                raise TypeError("not a statement that is run with parameters")
            state = compiled.construct_expanded_state(dict(parameters))
            fixed = {name: value for name, value in state.parameters.items() if name not in parameters}
            self._known[key] = _Compiled(state.statement, state.positiontup, fixed, _converters(compiled, db.dialect))
        return self._known[key]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`names` are the parameters in their order, None where the driver takes them by name; `fixed` those of the statement."""

    sql: str
    names: Sequence[str] | None
    fixed: Mapping[str, Any]
    converters: Mapping[str, Callable[[Any], Any]]

    def arguments(self, values: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **values}
        for name, convert in self.converters.items():
            if name in given:
                given[name] = convert(given[name])
        return given if self.names is None else tuple([given[name] for name in self.names])

    def each(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """The arguments of many rows; those that need nothing but their order are taken as they are."""
        if self.names is None or self.fixed or self.converters or len(self.names) < 2:
            return [self.arguments(row) for row in rows]
        return list(map(itemgetter(*self.names), rows))


def _converters(compiled: SQLCompiler, dialect: Dialect) -> Mapping[str, Callable[[Any], Any]]:
    """What makes of a value of Python what the driver wants, for the parameters whose type needs it."""
    found = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    return {name: convert for name, convert in found.items() if convert is not None}
