"""Hands on the console: a button pressed, a dialog taken, a second person signed."""

from PySide6.QtCore import Qt

from invigilator_app.screens.second_dialog import SecondDialog


def press(qtbot, button) -> None:
    assert button.isEnabled(), button.text()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def dialog(console, kind):
    found = [each for each in console.window.findChildren(kind) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def sign_second(qtbot, console, make, who: str) -> None:
    asked = dialog(console, SecondDialog)
    asked.person.setText(who)
    asked.password.setText(make.PASSWORD)
    press(qtbot, asked.sign)
