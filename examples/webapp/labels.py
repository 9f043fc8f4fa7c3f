# Deliberately vulnerable sample for the demo of this repository. Never deploy it; the safe twin is in ../webapp_safe.
"""Printed labels: making them, and handing out the files."""

import os
import subprocess

from accounts import signed_in
from flask import Blueprint, jsonify, request, send_file
from settings import LABELS

pages = Blueprint("labels", __name__)


def known_printers():
    done = subprocess.run(["label-maker", "--list"], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pages.post("/parcels/<int:parcel>/label")
def make(parcel):
    signed_in()
    printer = request.form.get("printer", "desk")
    target = LABELS / f"{parcel}.pdf"
    subprocess.run(f"label-maker --printer {printer} --out {target}", shell=True, check=True)
    return jsonify(label=target.name)


@pages.get("/labels")
def download():
    signed_in()
    name = request.args["name"]
    return send_file(os.path.join(LABELS, name), mimetype="application/pdf")
