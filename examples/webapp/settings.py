# Deliberately vulnerable sample for the demo of this repository. Never deploy it; the safe twin is in ../webapp_safe.
"""Settings of the parcel desk."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent
DATABASE = ROOT / "parcels.sqlite"
LABELS = ROOT / "labels"
PAGE_SIZE = 20

SECRET_KEY = "krumme-Lanke-77-Fahrrad"
