"""A four-function calculator with memory: one pure rule, keys in, state out (H05).

It works as desk calculators do: each operation is carried out when the next one is pressed, without
precedence. Decimal arithmetic, so 0.1 + 0.2 is 0.3; twelve digits are shown. Nothing is evaluated.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

DIGITS = 12
ERROR = "E"
OPERATORS = "+-*/"
MEMORY_KEYS = ("MC", "MR", "M+", "M-")
KEYS = frozenset([*"0123456789.=", *OPERATORS, *MEMORY_KEYS, "C", "BACK", "NEG"])
_EXACT = Context(prec=40, traps=[DivisionByZero, InvalidOperation, Overflow])
_SHOWN = Context(prec=DIGITS, rounding=ROUND_HALF_UP)
_LIMIT = Decimal(10) ** DIGITS
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Calculator:
    """``entry`` is the text on the display. ``left`` and ``operator`` wait for the right side;
    ``typing`` is False while the display shows a result that the next digit replaces."""

    entry: str = "0"
    left: Decimal | None = None
    operator: str = ""
    typing: bool = False
    memory: Decimal = _ZERO

    @property
    def failed(self) -> bool:
        """True after a division by zero or an overflow, until C."""
        return self.entry == ERROR

    @property
    def value(self) -> Decimal:
        """The number on the display."""
        return _ZERO if self.failed else Decimal(self.entry)


def press(state: Calculator, key: str) -> Calculator:
    """The state after one of :data:`KEYS`; another key changes nothing."""
    if key == "C":
        return Calculator(memory=state.memory)
    if key == "MC":
        return replace(state, memory=_ZERO)
    if state.failed or key not in KEYS:
        return state
    if key in "0123456789.":
        return _typed(state, key)
    if key == "BACK":
        return _shortened(state)
    if key == "NEG":
        return replace(state, entry=shown(-state.value))
    if key in MEMORY_KEYS:
        return _memory(state, key)
    return _equals(state) if key == "=" else _operator(state, key)


def shown(value: Decimal) -> str:
    """A number as the display shows it: at most twelve digits, no exponent; ``E`` beyond."""
    rounded = _SHOWN.plus(value)
    if abs(rounded) >= _LIMIT:
        return ERROR
    places = DIGITS - max(1, rounded.adjusted() + 1) if rounded else 0
    text = f"{rounded.quantize(Decimal(1).scaleb(-places), context=_EXACT):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("", "-0", "-") else text


def _typed(state: Calculator, key: str) -> Calculator:
    entry = state.entry if state.typing else "0"
    if key == ".":
        entry = entry if "." in entry else entry + "."
    elif sum(each.isdigit() for each in entry) < DIGITS:
        entry = key if entry == "0" else "-" + key if entry == "-0" else entry + key
    return replace(state, entry=entry, typing=True)


def _shortened(state: Calculator) -> Calculator:
    if not state.typing:
        return state
    rest = state.entry[:-1]
    return replace(state, entry="0" if rest in ("", "-") else rest)


def _memory(state: Calculator, key: str) -> Calculator:
    if key == "MR":
        return replace(state, entry=shown(state.memory), typing=False)
    change = state.value if key == "M+" else -state.value
    total = _EXACT.add(state.memory, change)
    if shown(total) == ERROR:
        return replace(state, entry=ERROR, left=None, operator="", typing=False)
    return replace(state, memory=total, typing=False)


def _operator(state: Calculator, key: str) -> Calculator:
    if state.operator and not state.typing:
        return replace(state, operator=key)  # another one instead of the one before
    done = _equals(state)
    if done.failed:
        return done
    return replace(done, left=done.value, operator=key)


def _equals(state: Calculator) -> Calculator:
    if state.left is None or not state.operator:
        return replace(state, entry=shown(state.value), typing=False)
    entry = shown_result(state.left, state.operator, state.value)
    return Calculator(entry=entry, memory=state.memory)


def shown_result(left: Decimal, operator: str, right: Decimal) -> str:
    """One operation's result as the display shows it."""
    work = {
        "+": _EXACT.add,
        "-": _EXACT.subtract,
        "*": _EXACT.multiply,
        "/": _EXACT.divide,
    }[operator]
    try:
        return shown(work(left, right))
    except (DivisionByZero, InvalidOperation, Overflow):
        return ERROR
