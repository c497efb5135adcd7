"""The one place of the product's version; pyproject reads it from here."""

VERSION = "0.1.0"
