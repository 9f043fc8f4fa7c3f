"""The database: tables, migrations and the repository over them; the only room that knows SQLAlchemy."""

from secassist.store.records import Rejection, Review, StoredSubject
from secassist.store.repository import Store

__all__ = ["Rejection", "Review", "Store", "StoredSubject"]
