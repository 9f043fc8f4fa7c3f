"""Program text to trees: languages, functions as units, calls, imports, and one form of program for all languages."""
