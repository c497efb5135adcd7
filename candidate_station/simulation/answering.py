"""What a candidate might answer: plausible, random, and always within an interaction's rules."""

from random import Random

from candidate_station.paper import (
    Arrangement,
    ChoiceInteraction,
    ExtendedTextInteraction,
    InlineChoiceInteraction,
    Interaction,
    PreparedItem,
    TextEntryInteraction,
)
from candidate_station.simulation.arranging import random_arrangement
from candidate_station.simulation.graphic_answering import random_graphic_answer

_WORDS = (
    "项目", "风险", "合同", "成本", "质量", "进度", "组织", "管理", "措施", "分析", "说明", "原因",
    "应当", "按照", "规定", "提出", "建立", "完善", "及时", "有效", "控制", "评价", "结果", "依据",
)  # fmt: skip
_STOPS = "，，，。；"
_LONGEST_ESSAY = 400
_BLANK = 0.03


def random_answer(interaction: Interaction, rng: Random, before: list[str]) -> list[str]:
    """A new answer to one interaction in place of ``before``; now and then it is cleared."""
    if before and rng.random() < _BLANK:
        return []
    match interaction:
        case ChoiceInteraction():
            return _choose(interaction, rng)
        case InlineChoiceInteraction():
            return [rng.choice(interaction.options).option_id]
        case TextEntryInteraction():
            return [_entry(interaction, rng)]
        case ExtendedTextInteraction():
            return [_essay(rng, before[0] if before else "")]
        case _ if isinstance(interaction, Arrangement):
            return random_arrangement(interaction, rng)
        case _:
            return random_graphic_answer(interaction, rng, before)


def change_item(
    item: PreparedItem, rng: Random, before: dict[str, list[str]]
) -> dict[str, list[str]]:
    """The item's whole answer after one change: what is still blank first, else any one part."""
    values = {
        each.response_id: list(before.get(each.response_id, [])) for each in item.interactions
    }
    if not item.interactions:
        return values
    blank = [each for each in item.interactions if not values[each.response_id]]
    for interaction in blank or [rng.choice(item.interactions)]:
        old = values[interaction.response_id]
        values[interaction.response_id] = random_answer(interaction, rng, old)
    return values


def _choose(interaction: ChoiceInteraction, rng: Random) -> list[str]:
    options = [option.option_id for option in interaction.options]
    if not interaction.multiple:
        return [rng.choice(options)]
    most = min(interaction.max_choices or len(options), len(options))
    chosen = set(rng.sample(options, rng.randint(1, most)))
    return [option for option in options if option in chosen]


def _entry(interaction: TextEntryInteraction, rng: Random) -> str:
    match interaction.base_type:
        case "integer":
            return str(rng.randint(0, 9999))
        case "float":
            return f"{rng.uniform(0, 1000):.2f}"
    return "".join(rng.choices(_WORDS, k=rng.randint(1, 3)))


def _essay(rng: Random, before: str) -> str:
    """Some more sentences; a long essay is begun anew, as after a second thought."""
    text = before if len(before) < _LONGEST_ESSAY else ""
    for _ in range(rng.randint(1, 6)):
        text += "".join(rng.choices(_WORDS, k=rng.randint(2, 6))) + rng.choice(_STOPS)
    return text
