# Safe twin of the sample in ../webapp: the same functions, written as they should be.
"""Orders from outside: as an uploaded file, or fetched from a partner."""

import requests
import yaml
from accounts import signed_in
from flask import Blueprint, abort, jsonify, request
from settings import PARTNERS

FIELDS = ("title", "weight", "receiver")

pages = Blueprint("importing", __name__)


def total_weight(orders):
    return sum(float(order["weight"] or 0) for order in orders)


def read_orders(text):
    orders = yaml.safe_load(text)
    return [{field: order.get(field) for field in FIELDS} for order in orders]


@pages.post("/orders")
def upload():
    signed_in()
    orders = read_orders(request.get_data(as_text=True))
    return jsonify(orders=orders, weight=total_weight(orders))


@pages.post("/orders/fetch")
def fetch():
    signed_in()
    address = PARTNERS.get(request.form.get("partner", ""))
    if address is None:
        abort(400)
    answer = requests.get(address, timeout=10, allow_redirects=False)
    answer.raise_for_status()
    return jsonify(orders=read_orders(answer.text))
