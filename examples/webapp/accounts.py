# Deliberately vulnerable sample for the demo of this repository. Never deploy it; the safe twin is in ../webapp_safe.
"""Who may sign in, and which parcels are theirs."""

import hashlib
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


def hash_password(password):
    return hashlib.md5(password.encode()).hexdigest()


def sign_in(name, password):
    with connect() as db:
        row = db.execute("SELECT id, password FROM users WHERE name = ?", (name,)).fetchone()
    return row["id"] if row and row["password"] == hash_password(password) else None


def find_parcels(owner, text):
    query = f"SELECT id, state FROM parcels WHERE owner = {int(owner)} AND title LIKE '%{text}%' LIMIT {PAGE_SIZE}"
    with connect() as db:
        return [dict(row) for row in db.execute(query)]


def parcel_count(owner):
    with connect() as db:
        return db.execute("SELECT COUNT(*) FROM parcels WHERE owner = ?", (owner,)).fetchone()[0]
