# Safe twin of the sample in ../webapp: the same functions, written as they should be.
"""Settings of the parcel desk."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent
DATABASE = ROOT / "parcels.sqlite"
LABELS = ROOT / "labels"
PAGE_SIZE = 20

SECRET_KEY = os.environ["PARCEL_DESK_KEY"]
PARTNERS = {
    "north": "https://orders.north.example/open.yaml",
    "south": "https://orders.south.example/open.yaml",
}
