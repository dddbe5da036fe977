"""Find personal data in a text and put a placeholder in its place."""

from repliek.privacy.exposure import exposed, removal_warning
from repliek.privacy.finding import MAX_CHARS, Redactor, find, redact
from repliek.privacy.signatures import unsigned
from repliek.privacy.spans import Kind, PersonalData

__all__ = ["MAX_CHARS", "Kind", "PersonalData", "Redactor", "exposed", "find", "redact", "removal_warning", "unsigned"]
