"""Not enrolled yet: the code that a person compares with the server's (ARCHITECTURE, Trust)."""

from candidate_station.screens.page import CardPage, label, stack
from candidate_station.screens.refusal_box import refusal_label, show_refusal
from candidate_station.screens.words import fill, spaced
from candidate_station.session.screen_state import ScreenState


class EnrolPage(CardPage):
    """Shows the enrolment code; the machine waits for the confirmation on the other side."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label("title", centred=True)
        self._what = label("muted", centred=True)
        self._code = label("code", wrap=False, centred=True)
        self._code.setObjectName("enrolCode")
        self._next = label("body", centred=True)
        self._refusal = refusal_label()
        stack(self.column, self._title, self._what, self._code, self._next, self._refusal)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("考试机登记"))
        self._what.setText(
            self.tr("请系统管理员核对：本机显示的登记码须与服务器上显示的完全一致。")
        )
        self._next.setText(self.tr("一致则在服务器上确认；不一致请勿确认，并立即报告。"))

    def show_state(self, state: ScreenState) -> None:
        self._code.setText(spaced(state.enrol_code) if state.enrol_code else "…")
        self._code.setAccessibleName(fill(self.tr("登记码 %1"), state.enrol_code))
        show_refusal(self._refusal, state.refusal, self.locale().name())
