# Safe twin of the sample in ../webapp: the same functions, written as they should be.
"""The parcel desk: sign in, find parcels, print labels, import orders."""

import accounts
import importing
import labels
import settings
from flask import Flask, abort, jsonify, request, session

app = Flask(__name__)
app.secret_key = settings.SECRET_KEY
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
app.register_blueprint(labels.pages)
app.register_blueprint(importing.pages)


@app.post("/sign-in")
def sign_in():
    found = accounts.sign_in(request.form.get("name", ""), request.form.get("password", ""))
    if found is None:
        abort(401)
    session["owner"] = found
    return jsonify(parcels=accounts.parcel_count(found))


@app.get("/parcels")
def parcels():
    return jsonify(accounts.find_parcels(accounts.signed_in(), request.args.get("q", "")))


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=5000)
