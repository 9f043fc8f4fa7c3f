"""The database: tables, migrations and the repository over them; the only room that knows SQLAlchemy."""

from secassist.store.purging import KINDS
from secassist.store.records import Audited, Rejection, Review, SealedValue, StoredSubject
from secassist.store.repository import Store
from secassist.store.rows import fingerprint

__all__ = ["KINDS", "Audited", "Rejection", "Review", "SealedValue", "Store", "StoredSubject", "fingerprint"]
