"""The page's words for matching, ordering, gaps, words in a text, pairs and sliders."""

from PySide6.QtCore import QObject


class ArrangementLabels(QObject):
    """A holder of texts: an object of its own, so that ``tr`` has a context of its own."""

    def texts(self) -> dict[str, str]:
        """By the names that the page's scripts use, in the present language."""
        return {**self._every_kind(), **self._pairs(), **self._gaps(), **self._others()}

    def _every_kind(self) -> dict[str, str]:
        return {
            "unanswered": self.tr("尚未作答"),
            "answered": self.tr("已作答"),
            "clear_answer": self.tr("清除作答"),
            "pool": self.tr("备选项"),
            "used": self.tr("（已用）"),
            "used_up": self.tr("“{n}”的使用次数已满"),
        }

    def _pairs(self) -> dict[str, str]:
        return {
            "match_row_one": self.tr("每行选一项，再次点击可取消"),
            "match_row_many": self.tr("每行可选多项，再次点击可取消"),
            "match_column_once": self.tr("每个选项只能用一次"),
            "moved_here": self.tr("“{n}”只能用一次，已改到本行"),
            "pairs_exactly": self.tr("共配 {n} 对"),
            "pairs_at_least": self.tr("至少配 {n} 对"),
            "pairs_at_most": self.tr("最多配 {n} 对"),
            "pairs_made": self.tr("已配 {n} 对"),
            "pairs_list": self.tr("已配成的对"),
            "pair_remove": self.tr("取消配对：{n}"),
            "associate_rule": self.tr("先后选择两项配成一对，也可拖动"),
            "associate_now": self.tr("已选“{n}”，请选择与它配对的一项"),
        }

    def _gaps(self) -> dict[str, str]:
        return {
            "gap": self.tr("第 {n} 空"),
            "gap_empty": self.tr("未填"),
            "gap_rule": self.tr("选择备选项，再选择空处；也可拖动，或在空处按选项字母"),
            "gap_now_place": self.tr("已选“{n}”，请选择要填入的空"),
            "gap_now_choose": self.tr("请为第 {n} 空选择备选项"),
            "gaps_exactly": self.tr("共填 {n} 空"),
            "gaps_at_least": self.tr("至少填 {n} 空"),
            "gaps_at_most": self.tr("最多填 {n} 空"),
            "gaps_made": self.tr("已填 {n} 空"),
        }

    def _others(self) -> dict[str, str]:
        return {
            "order_rule": self.tr("用 ▲ ▼ 移动，或选择一项再选择它的位置，也可拖动"),
            "order_some": self.tr("选出若干项并排好顺序"),
            "order_list": self.tr("排列顺序"),
            "order_rest": self.tr("备选项（选择后排入上面的顺序）"),
            "order_keep": self.tr("按当前顺序作答"),
            "order_untouched": self.tr("尚未作答：移动任意一项，或选择“按当前顺序作答”"),
            "order_moving": self.tr("正在移动“{n}”：用方向键，或选择目标位置"),
            "order_chosen": self.tr("已排 {n} 项"),
            "position": self.tr("第 {n} 位"),
            "earlier": self.tr("前移"),
            "later": self.tr("后移"),
            "out": self.tr("移出"),
            "hottext_one": self.tr("在文中选一处，再次点击可取消"),
            "hottext_many": self.tr("在文中可选多处，再次点击可取消"),
            "hottext_made": self.tr("已选 {n} 处"),
            "slider": self.tr("滑块"),
            "slider_rule": self.tr("拖动滑块，或用方向键调整"),
            "slider_untouched": self.tr("尚未作答：移动滑块，或在原位点击滑块"),
        }
