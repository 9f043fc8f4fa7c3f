"""How models come to be: text, tokenizer, base, adapters, calibration."""
