# Safe twin of the sample in ../webapp: the same functions, written as they should be.
"""Printed labels: making them, and handing out the files."""

import subprocess

from accounts import signed_in
from flask import Blueprint, abort, jsonify, request, send_from_directory
from settings import LABELS

pages = Blueprint("labels", __name__)


def known_printers():
    done = subprocess.run(["label-maker", "--list"], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pages.post("/parcels/<int:parcel>/label")
def make(parcel):
    signed_in()
    printer = request.form.get("printer", "desk")
    if printer not in known_printers():
        abort(400)
    target = LABELS / f"{parcel}.pdf"
    subprocess.run(["label-maker", "--printer", printer, "--out", str(target)], check=True)
    return jsonify(label=target.name)


@pages.get("/labels")
def download():
    signed_in()
    return send_from_directory(LABELS, f"{request.args.get('parcel', type=int)}.pdf", mimetype="application/pdf")
