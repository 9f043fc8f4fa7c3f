"""Personal data: formats of numbers by region, check digits, names and addresses by rule, context, hints."""
