"""D15: forms of one paper are permutations of the same canonical ids; item order per candidate."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from venue_server.headquarters.canonical_ids import CanonicalIds, form_faults
from venue_server.headquarters.order import SealOrder
from venue_server.headquarters.prepare import PaperNames
from venue_server.headquarters.problems import Problem, Rule
from venue_server.headquarters.seal import SealedPaper, seal_forms
from venue_server.wire.paper_index import FORMAT, ItemIndex, PaperIndex, SectionIndex

Package = Callable[..., Path]
Write = Callable[..., str]
REF = '<qti-assessment-item-ref identifier="{0}" href="i.xml"{1}/>'
SHUFFLE = '<qti-ordering shuffle="true"/>'


def _section(identifier: str, inside: str, ordering: str = SHUFFLE) -> str:
    return (
        f'<qti-assessment-section identifier="{identifier}" title="{identifier}">{ordering}'
        f"{inside}</qti-assessment-section>"
    )


LOOSE = _section("S", "".join(REF.format(n, "") for n in "ABCDEFGH"))


@pytest.fixture
def shuffled(make_package: Package, choice: Write) -> Path:
    return make_package({"i.xml": choice()}, test=LOOSE)


def _orders(sealed: Any, *forms: str, **changes: Any) -> list[SealOrder]:
    base = {**sealed.order.__dict__, **changes}
    return [SealOrder(**{**base, "form_id": form}) for form in forms]


def _keys(paper: SealedPaper) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(paper.key_file.read_text())
    return document


def test_d15_forms_permute_the_same_ids_under_secrets_of_their_own(
    shuffled: Path, sealed: Any, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    papers = seal_forms(shuffled, out, _orders(sealed, "A", "B", "C"), sealed.signers)
    assert all(isinstance(paper, SealedPaper) for paper in papers)
    assert sorted(path.name for path in out.iterdir()) == ["A", "B", "C"]
    keys = [_keys(paper) for paper in papers if isinstance(paper, SealedPaper)]
    assert len({json.dumps(document["canonical"]) for document in keys}) == 1
    assert keys[0]["canonical"]["items"] == list("ABCDEFGH")
    assert keys[0]["canonical"]["options"]["A"] == {"RESPONSE": ["A", "B"]}
    orders = [tuple(document["form"]["items"]) for document in keys]
    assert len(set(orders)) == 3 and all(sorted(order) == list("ABCDEFGH") for order in orders)
    for name in ("shuffle_seed", "package_id"):
        assert len({document[name] for document in keys}) == 3
    secrets = {
        json.loads(p.secret_file.read_text())["release_secret"]
        for p in papers
        if isinstance(p, SealedPaper)
    }
    assert len(secrets) == 3
    for paper, order in zip(papers, orders, strict=True):
        entries = sealed.open(paper, tmp_path / "ciphertext")
        (section,) = json.loads(entries["paper.json"])["sections"]
        assert tuple(section["item_ids"]) == order and section["shuffle"] is False


def test_d15_forms_are_sealed_all_or_none(
    make_package: Package, sealed: Any, shuffled: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    refused = seal_forms(shuffled, out, _orders(sealed, "A", "A"), sealed.signers)
    assert [str(p.detail) for p in refused if isinstance(p, Problem)] == ["form 'A' twice"]
    same = _orders(sealed, "A", "B", shuffle_seed="one")
    refused = seal_forms(shuffled, out, same, sealed.signers)
    assert [p.detail for p in refused if isinstance(p, Problem)] == [
        "one shuffle seed for two forms"
    ]
    bad = make_package({"bad.xml": "<x/>"})
    refused = seal_forms(bad, out, _orders(sealed, "A", "B"), sealed.signers)
    assert [p.rule for p in refused if isinstance(p, Problem)] == [Rule.WRONG_ROOT]
    assert not out.exists()


def test_d15_forms_that_are_alike_are_told(
    make_package: Package, choice: Write, sealed: Any, tmp_path: Path
) -> None:
    package = make_package({"i.xml": choice()})
    papers = seal_forms(package, tmp_path / "out", _orders(sealed, "A", "B"), sealed.signers)
    told = [(n.rule, n.detail) for p in papers if isinstance(p, SealedPaper) for n in p.notices]
    assert told == [(Rule.FORMS_ALIKE, "A, B")] * 2


def test_d15_order_of_each_candidate_is_left_to_the_station(shuffled: Path, plain: Any) -> None:
    names = PaperNames("P1", "A", "9901", "seed", for_candidates=True)
    paper = plain(shuffled, names)
    (section,) = paper.index.sections
    assert section.shuffle and section.item_ids == list("ABCDEFGH")
    assert paper.keys["form"]["shuffled_for_each_candidate"] == ["S"]
    assert paper.notices == []


@pytest.mark.parametrize(
    "inside",
    [
        REF.format("A", ' fixed="true"') + REF.format("B", "") + REF.format("C", ""),
        REF.format("A", "") + _section("T", REF.format("B", "") + REF.format("C", ""), ""),
    ],
)
def test_d15_section_with_fixed_parts_is_shuffled_at_sealing(
    inside: str, make_package: Package, choice: Write, plain: Any
) -> None:
    """A station cannot keep a part in place, so such a section is fixed for the form."""
    package = make_package({"i.xml": choice()}, test=_section("S", inside))
    for seed in ("1", "2", "3", "4"):
        paper = plain(package, PaperNames("P1", "A", "9901", seed, for_candidates=True))
        assert not any(section.shuffle for section in paper.index.sections)
        order = [item for section in paper.index.sections for item in section.item_ids]
        assert sorted(order) == list("ABC")
        if 'fixed="true"' in inside:
            assert order[0] == "A"
        else:
            assert order.index("C") == order.index("B") + 1


def test_d15_selection_stays_a_matter_of_the_form(
    make_package: Package, choice: Write, plain: Any
) -> None:
    test = LOOSE.replace(SHUFFLE, f'<qti-selection select="3"/>{SHUFFLE}')
    package = make_package({"i.xml": choice()}, test=test)
    paper = plain(package, PaperNames("P1", "A", "9901", "s", for_candidates=True))
    (section,) = paper.index.sections
    assert section.shuffle and len(section.item_ids) == 3
    assert section.item_ids == sorted(section.item_ids)
    left = paper.keys["form"]["not_selected"]
    assert sorted(left + section.item_ids) == list("ABCDEFGH")


def _index(order: list[str]) -> PaperIndex:
    items = {i: ItemIndex(i, f"items/{i}.xml", "", [], []) for i in order}
    section = SectionIndex("S", "", "", order)
    return PaperIndex(FORMAT, "P", "A", "9901", "t", "zh", "s", [section], items, {})


names = st.lists(st.sampled_from("ABCDEF"), min_size=1, unique=True)


@settings(max_examples=100, deadline=None)
@given(items=names, options=names, data=st.data())
def test_d15_every_permutation_is_accepted_and_nothing_else(
    items: list[str], options: list[str], data: st.DataObject
) -> None:
    canonical = CanonicalIds(items, {item: {"R": options} for item in items})
    order = data.draw(st.permutations(items))
    given_options = {item: {"R": list(data.draw(st.permutations(options)))} for item in items}
    assert form_faults(canonical, _index(list(order)), given_options) == []
    foreign = _index([*order, "Z"])
    assert "item Z" in form_faults(canonical, foreign, given_options)
    doubled = _index([*order, order[0]])
    assert "items are not in exactly one place each" in form_faults(
        canonical, doubled, given_options
    )
    wrong = {item: {"R": [*options[1:], "Z"]} for item in items}
    assert len(form_faults(canonical, _index(list(order)), wrong)) == len(items)
    renamed = {item: {"Q": options} for item in items}
    assert len(form_faults(canonical, _index(list(order)), renamed)) == len(items)
    assert len(form_faults(canonical, _index(list(order)), {})) == len(items)
