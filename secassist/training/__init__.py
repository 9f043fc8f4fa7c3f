"""How models come to be: data, pretraining, adapters, calibration."""
