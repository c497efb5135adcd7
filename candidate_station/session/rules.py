"""The version of the rules text shown to candidates; recorded with the click on 我已阅读 (H01)."""

RULES_VERSION = "2026-2"
