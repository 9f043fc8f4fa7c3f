"""Scheduling: reports, retention and backups that come round, and the sweeps that keep the tables clean."""
