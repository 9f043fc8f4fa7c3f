"""Labelled data in, a Scorecard out."""
