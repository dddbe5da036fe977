"""A bundle and held-out exchanges in; figures, a report and comparisons out."""
