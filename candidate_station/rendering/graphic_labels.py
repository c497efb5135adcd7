"""The page's words for pictures that are worked on and for media whose plays are counted."""

from PySide6.QtCore import QObject


class GraphicLabels(QObject):
    """A context of its own for the translation; ``{n}`` is filled in by the page."""

    def texts(self) -> dict[str, str]:
        """Label name → text in the present language."""
        return {
            "area": self.tr("区域 {n}"),
            "chosen": self.tr("已选：{n}"),
            "none_chosen": self.tr("尚未选择"),
            "picture": self.tr("图"),
            "point_help": self.tr(
                "点击图上的位置；或用方向键移动十字线，Shift+方向键微调，空格键标记或取消"
            ),
            "crosshair": self.tr("十字线 {n}"),
            "points": self.tr("已标记 {n}"),
            "mark_several": self.tr("可标记多个点"),
            "mark_at_most": self.tr("最多标记 {n} 个点"),
            "mark_at_least": self.tr("至少标记 {n} 个点"),
            "none_marked": self.tr("尚未标记"),
            "pieces": self.tr("备选项"),
            "pick_then_place": self.tr("先选一个备选项，再选图上的位置；选已放好的位置可取下"),
            "pick_first": self.tr("请先选一个备选项"),
            "picked": self.tr("已拿起 {n}，请选图上的位置"),
            "taken_back": self.tr("已取下 {n}"),
            "place_at_most": self.tr("最多放 {n} 个"),
            "piece_used": self.tr("已用"),
            "used_times": self.tr("已用 {n} 次"),
            "empty": self.tr("空"),
            "play": self.tr("播放"),
            "go_on": self.tr("继续播放"),
            "pause": self.tr("暂停"),
            "plays_left": self.tr("还可播放 {n} 次"),
            "no_plays_left": self.tr("播放次数已用完"),
            "plays_at_least": self.tr("至少播放 {n} 次"),
            "media_position": self.tr("播放进度"),
            "volume": self.tr("音量"),
            "media_failed": self.tr("✕ 无法播放，请举手"),
        }
