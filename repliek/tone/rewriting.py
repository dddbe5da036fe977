"""Say the same in the other register, and name the sentences that are in the wrong one: one table for each language."""

from __future__ import annotations

from types import MappingProxyType

from repliek.tone.address import Breach, RegisterTable, Rewritten
from repliek.tone.dutch.table import DutchTable
from repliek.tone.register import Register


class OneRegister:
    """A language that addresses everybody alike, or that no table describes yet: its texts stay as they are."""

    def breaches(self, text: str, register: Register) -> tuple[Breach, ...]:  # noqa: ARG002
        """No sentence breaks anything."""
        return ()

    def rewrite(self, text: str, register: Register) -> Rewritten:  # noqa: ARG002
        """Give `text` back."""
        return Rewritten(text)


# German du and Sie, French tu and vous come in here, each with a table of its own.
_TABLES: MappingProxyType[str, RegisterTable] = MappingProxyType({"nl": DutchTable()})
_ONE_REGISTER = OneRegister()


def table_for(language: str) -> RegisterTable:
    """Return the table of `language`, an ISO 639-1 code."""
    return _TABLES.get(language, _ONE_REGISTER)


def has_registers(language: str) -> bool:
    """Whether texts in `language` can be put in one register or another."""
    return language in _TABLES


def rewrite(text: str, register: Register, language: str = "nl") -> Rewritten:
    """Write `text` in `register`; nothing changes for `NEUTRAL`, which asks for no form of address."""
    if register is Register.NEUTRAL:
        return Rewritten(text)
    return table_for(language).rewrite(text, register)


def breaches(text: str, register: Register, language: str = "nl") -> tuple[Breach, ...]:
    """Name every sentence of `text` that breaks `register`; nothing breaks `NEUTRAL`."""
    if register is Register.NEUTRAL:
        return ()
    return table_for(language).breaches(text, register)
