# Safe twin of the sample in ../webapp: the same functions, written as they should be.
"""Who may sign in, and which parcels are theirs."""

import hashlib
import hmac
import sqlite3

from flask import abort, session
from settings import DATABASE, PAGE_SIZE


def connect():
    db = sqlite3.connect(DATABASE)
    db.row_factory = sqlite3.Row
    return db


def signed_in():
    if "owner" not in session:
        abort(401)
    return session["owner"]


def hash_password(password, salt):
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def sign_in(name, password):
    with connect() as db:
        row = db.execute("SELECT id, salt, password FROM users WHERE name = ?", (name,)).fetchone()
    salt, stored = (row["salt"], row["password"]) if row else (b"0" * 16, b"")
    fits = hmac.compare_digest(hash_password(password, salt), stored)
    return row["id"] if row and fits else None


def find_parcels(owner, text):
    pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    query = "SELECT id, state FROM parcels WHERE owner = ? AND title LIKE ? ESCAPE '\\' LIMIT ?"
    with connect() as db:
        return [dict(row) for row in db.execute(query, (owner, pattern, PAGE_SIZE))]


def parcel_count(owner):
    with connect() as db:
        return db.execute("SELECT COUNT(*) FROM parcels WHERE owner = ?", (owner,)).fetchone()[0]
