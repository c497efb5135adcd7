"""The sealed offline code: two custodians enter their words, one after the other (E03)."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPlainTextEdit, QVBoxLayout

from invigilator_app.actions.orders import Answer, enter_code_share
from invigilator_app.ceremony.code_entry import (
    SHARE_WORDS,
    CodeEntry,
    CodeStep,
    complete,
    word_count,
)
from invigilator_app.screens.parts import Card, Outcome, Page, button, label
from invigilator_app.screens.sign_in_page import SignInForm
from invigilator_app.screens.state import ConsoleState
from invigilator_app.screens.texts import Texts
from invigilator_app.screens.theme import restyle
from venue_server.wire.console_views import Done

_STEPS = (
    (CodeStep.FIRST, CodeStep.FIRST_SENT),
    (CodeStep.SECOND_SIGN_IN,),
    (CodeStep.SECOND, CodeStep.SECOND_SENT),
    (CodeStep.DONE,),
)


class CodePage(Page):
    """Words leave the screen the moment they are sent; nothing of them is kept."""

    sign_in_wanted = Signal(str, str, str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(texts)
        self.entry = CodeEntry()
        self._session_id = ""
        self._step_texts = (
            self.tr("① 第一保管人输入"),
            self.tr("② 第二保管人登录"),
            self.tr("③ 第二保管人输入"),
            self.tr("④ 完成"),
        )
        self.steps = [label(text, "step") for text in self._step_texts]
        self.who = label(name="cardTitle")
        self.words = QPlainTextEdit()
        self.words.setPlaceholderText(self.tr("按密码单逐词输入，词间用空格"))
        self.words.setTabChangesFocus(True)
        self.words.setMaximumHeight(int(self.fontMetrics().height() * 6))
        self.words.textChanged.connect(self._typed)
        self.counted = label(name="quiet")
        self.understood = QCheckBox(
            self.tr("外网中断，经主考同意使用离线密码；此操作将作为异常情况记录并上报")
        )
        self.understood.toggled.connect(self._typed)
        self.send = button(self.tr("提交本人密码"), self._send, kind="grave")
        self.sign_in = SignInForm(texts, self.tr("第二保管人登录"))
        self.sign_in.submitted.connect(self.sign_in_wanted)
        self.outcome = Outcome(texts)
        self.back = button(self.tr("返回"), lambda: None)
        self._lay_out()
        self._show_step()

    def refresh(self, state: ConsoleState) -> None:
        before = self.state.person.person_id if self.state is not None else ""
        if state.session_id not in ("", self._session_id):
            self.entry, self._session_id = CodeEntry(), state.session_id
            self.outcome.clear()
            self._show_step()
        super().refresh(state)
        if state.person.person_id != before:
            self.entry = self.entry.signed_in(state.person.person_id)
            self._show_step()
        self._typed()

    def take_focus(self) -> None:
        (self.sign_in.person if self.sign_in.isVisibleTo(self) else self.words).setFocus()

    def _typed(self) -> None:
        text = self.words.toPlainText()
        counted = self.tr("已输入 %1 词（应为 %2 或 %3 词）")
        for mark, number in (
            ("%1", word_count(text)),
            ("%2", SHARE_WORDS[0]),
            ("%3", SHARE_WORDS[1]),
        ):
            counted = counted.replace(mark, str(number))
        self.counted.setText(counted)
        entering = self.entry.step in (CodeStep.FIRST, CodeStep.SECOND)
        online = self.state is not None and self.state.online
        agreed = self.understood.isChecked()
        self.send.setEnabled(entering and online and agreed and complete(text))

    def _send(self) -> None:
        if self.state is None or not self.send.isEnabled():
            return
        order = enter_code_share(self.state.session_id, self.words.toPlainText())
        self.words.clear()
        self.entry = self.entry.sent(self.state.person.person_id)
        self.outcome.waiting()
        self._show_step()
        self.order(order, self._answered)

    def _answered(self, answer: Answer) -> None:
        self.entry = self.entry.answered(answer)
        if not isinstance(answer, Done):
            self.outcome.trouble(answer)
        elif self.entry.step is CodeStep.FIRST:
            self.outcome.good(
                self.tr("卷别 %1 的密码已收齐").replace("%1", str(answer.result.get("form"))),
                self.tr("请继续输入下一卷别的密码，仍由两名保管人先后输入。"),
            )
        elif self.entry.step is not CodeStep.DONE:
            self.outcome.good(self.tr("本份密码已收下"), self.tr("请另一名保管人登录后输入。"))
        else:
            self.outcome.good(self.tr("两份密码已收下，试卷按释放点打开"))
        self._show_step()
        self.take_focus()

    def _show_step(self) -> None:
        step = self.entry.step
        now = next(at for at, group in enumerate(_STEPS) if step in group)
        for at, shown in enumerate(self.steps):
            done = at < now or step is CodeStep.DONE
            mark = "✓ " if done else "▶ " if at == now else ""
            shown.setText(mark + self._step_texts[at])
            restyle(shown, "state", "done" if done else "now" if at == now else "")
        signing_in = step is CodeStep.SECOND_SIGN_IN
        self.sign_in.setVisible(signing_in)
        entering = not signing_in and step is not CodeStep.DONE
        for part in (self.words, self.counted, self.send, self.understood):
            part.setVisible(entering)
        name = self.state.person.name if self.state is not None else ""
        heads = {
            CodeStep.SECOND_SIGN_IN: self.tr("请第二保管人用本人账号登录"),
            CodeStep.DONE: self.tr("两名保管人均已输入"),
        }
        typing = self.tr("请 %1 本人输入密码单上的词").replace("%1", name)
        self.who.setText(heads.get(step, typing))
        self._typed()

    def _lay_out(self) -> None:
        card = Card(self.tr("离线密码：两名保管人先后输入"))
        card.box.setSpacing(10)
        steps = QHBoxLayout()
        for step in self.steps:
            steps.addWidget(step, 1)
        card.box.addLayout(steps)
        for part in (
            self.who,
            self.words,
            self.counted,
            self.understood,
            self.send,
            self.sign_in,
            self.outcome,
        ):
            card.box.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addStretch(1)
        page = QVBoxLayout(self)
        page.addWidget(card)
        page.addLayout(row)
        page.addStretch(1)
