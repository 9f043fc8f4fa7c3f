# Deliberately vulnerable sample for the demo of this repository. Never deploy it; the safe twin is in ../webapp_safe.
"""Orders from outside: as an uploaded file, or fetched from a partner."""

import requests
import yaml
from accounts import signed_in
from flask import Blueprint, jsonify, request

FIELDS = ("title", "weight", "receiver")

pages = Blueprint("importing", __name__)


def total_weight(orders):
    return sum(float(order["weight"] or 0) for order in orders)


def read_orders(text):
    orders = yaml.load(text, Loader=yaml.Loader)
    return [{field: order.get(field) for field in FIELDS} for order in orders]


@pages.post("/orders")
def upload():
    signed_in()
    orders = read_orders(request.get_data(as_text=True))
    return jsonify(orders=orders, weight=total_weight(orders))


@pages.post("/orders/fetch")
def fetch():
    signed_in()
    url = request.form["url"]
    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    return jsonify(orders=read_orders(answer.text))
