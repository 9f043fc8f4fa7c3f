"""Brings a database to the newest migration, once, however many processes open it at the same time."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from secassist.store import failures, opening
from secassist.store.failures import UnfitError, place
from secassist.store.tables import metadata

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

HEAD = "0007"
"""The newest migration; a constant so that an up-to-date database opens without importing alembic."""
VERSION_TABLE = "secassist_migration"
"""A name of our own: a shared PostgreSQL database may hold another application's `alembic_version`."""
LOCK = 0x5EC_A551
"""Key of PostgreSQL's advisory lock held while migrating; any number that is ours."""


def revision(connection: Connection) -> str | None:
    """The migration that the database is at, None when it has none."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(sa.select(sa.column("version_num")).select_from(sa.table(VERSION_TABLE)))


def current(url: str) -> str | None:
    """The migration of the database at a URL, None when there is none yet; changes nothing. Raises as `Store.open` does."""
    parsed = opening.parse(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists():
        return None
    with failures.opening(place(parsed)):
        engine = opening.connect(parsed, opening.BUSY_SECONDS)
        try:
            with engine.connect() as connection:
                return revision(connection)
        finally:
            engine.dispose()


def upgrade(engine: Engine, where: str) -> None:
    """To HEAD. Raises UnfitError when the database is newer than the code or holds somebody else's tables."""
    with engine.connect() as connection:
        if revision(connection) == HEAD:
            return
    with engine.execution_options(immediate=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        current = revision(connection)
        if current != HEAD:
            _refuse(connection, current, where)
            _run(connection)


def scripts() -> "ScriptDirectory":
    """The folder of migrations."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(Path(__file__).parent / "migrations"))


def _refuse(connection: Connection, current: str | None, where: str) -> None:
    if current is None:
        taken = set(sa.inspect(connection).get_table_names())
        ours = taken & set(metadata.tables)
        if ours or (taken and connection.dialect.name == "sqlite"):
            raise UnfitError(f"{where} holds tables that are not secassist's; name another database")
    elif current not in {script.revision for script in scripts().walk_revisions()}:
        raise UnfitError(
            f"{where} is at migration {current}, newer than this version of secassist knows (its newest is {HEAD}); "
            "upgrade secassist, or name another database"
        )


def _run(connection: Connection) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    script = scripts()

    def steps(current: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", current)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            version_table=VERSION_TABLE,
        )
        with environment.begin_transaction():
            environment.run_migrations()
