"""The database: tables, migrations and the repository over them; the only room that knows SQLAlchemy."""
