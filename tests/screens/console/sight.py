"""What is seen of a console's window: cut-off texts, controls out of sight, pages too wide."""

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)


def visible(console, kind):
    return [each for each in console.window.findChildren(kind) if each.isVisible()]


def clipped(widget: QWidget) -> bool:
    """True when a text needs more room than its widget has."""
    if isinstance(widget, QLabel):
        if not widget.text():
            return False
        if widget.wordWrap():
            return widget.heightForWidth(widget.width()) > widget.height() + 1
    hint = widget.minimumSizeHint()
    return hint.width() > widget.width() + 1 or hint.height() > widget.height() + 1


def in_sight(console, widget: QWidget) -> bool:
    """Inside the window, unless it stands in an area that scrolls."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            return True
        if parent.isWindow():
            break
        parent = parent.parentWidget()
    place = widget.mapTo(widget.window(), widget.rect().topLeft())
    size = widget.window().size()
    return (
        place.x() >= 0
        and place.y() >= 0
        and place.x() + widget.width() <= size.width()
        and place.y() + widget.height() <= size.height()
    )


def placeholder_cut(field: QLineEdit) -> bool:
    """True when the words in an empty field are longer than the field."""
    room = field.contentsRect().width() - field.textMargins().left() - field.textMargins().right()
    return field.fontMetrics().horizontalAdvance(field.placeholderText()) > room


def cut_off(console, page: str) -> list[str]:
    """Everything on the page that is up, and in the dialogs before it, which nobody can read."""
    wrong = [
        f"{page}: {each.text()!r} {each.size()}"
        for kind in (QLabel, QPushButton, QCheckBox)
        for each in visible(console, kind)
        if clipped(each) or not in_sight(console, each)
    ]
    wrong += [
        f"{page}: {each.placeholderText()!r} {each.width()}"
        for each in visible(console, QLineEdit)
        if placeholder_cut(each)
    ]
    wrong += [
        f"{page}: {area.objectName()} scrolls sideways"
        for area in visible(console, QScrollArea)
        if area.horizontalScrollBar().maximum() > 0
    ]
    wrong += [
        f"{page}: {type(window).__name__} {window.size()} on {console.window.size()}"
        for window in visible(console, QDialog)
        if window.width() > console.window.width() or window.height() > console.window.height()
    ]
    return wrong
