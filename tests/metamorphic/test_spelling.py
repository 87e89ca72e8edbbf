"""The same XML in another spelling is the same message: no check may tell the difference."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.metamorphic.judging import assert_silent
from tests.metamorphic.respell import DECLARATIONS, EMPTY, LEXICAL, Style, respell
from tests.metamorphic.sealing import respelt
from tests.support import bases

SETTINGS = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
FLAGS = (*LEXICAL, "comments", "comments_in_text", "instructions", "spare_namespaces")
STYLES = {
    **{flag: Style(**{flag: True}) for flag in FLAGS},
    "instructions-in-text": Style(comments_in_text=True, instructions=True),
    **{f"empty-{one}": Style(empty=one) for one in EMPTY},
    **{f"declaration-{one}": Style(declaration=one) for one in DECLARATIONS},
    **{f"white-space-{one}": Style(white_space=one) for one in ("none", "more")},
    "redeclared": Style(declare="everywhere"),
    **{
        f"{prefixes}-{declare}": Style(prefixes=prefixes, declare=declare)
        for prefixes in ("rename", "default")
        for declare in ("local", "root", "everywhere")
    },
}
ANY_STYLE = st.builds(
    Style,
    **{flag: st.booleans() for flag in FLAGS},
    empty=st.sampled_from(EMPTY),
    declaration=st.sampled_from(DECLARATIONS),
    prefixes=st.sampled_from(["keep", "rename", "default"]),
    declare=st.sampled_from(["local", "root", "everywhere"]),
    white_space=st.sampled_from(["keep", "none", "more"]),
)


@pytest.mark.parametrize("base", ["td0_2", "td2_1_lot2", "cda_self_presentable"])
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_one_change_of_spelling_is_silent(base: str, style: Style) -> None:
    assert_silent(respelt(base, style, seed=3))


@pytest.mark.parametrize(
    "base", ["td0_2", "td2_1", "td2_1_lot2", "cda_structured", "cda_self_presentable"]
)
@SETTINGS
@given(style=ANY_STYLE, seed=st.integers(0, 10**6))
def test_any_mixture_of_spellings_is_silent(base: str, style: Style, seed: int) -> None:
    assert_silent(respelt(base, style, seed))


# What the rewriting itself is worth: the same information set, and truly other bytes.


def canonical(data: bytes, comments: bool = True) -> bytes:
    tree = etree.fromstring(data).getroottree()
    return etree.tostring(tree, method="c14n", with_comments=comments)


@pytest.mark.parametrize("flag", [flag for flag in LEXICAL if flag != "crlf"])
def test_a_lexical_spelling_keeps_the_canonical_form(flag: str) -> None:
    source = bases.load("td2_1_lot2").envelope
    changed = respell(source, Style(**{flag: True}), 1)
    assert changed != respell(source, Style(), 1)
    assert canonical(changed) == canonical(source)


def names_and_values(data: bytes) -> list[object]:
    """Names, attributes (xsi:type as an expanded name) and texts, in order."""
    found: list[object] = []
    for node in etree.fromstring(data).iter(etree.Element):
        attributes = dict(node.attrib)
        for key in [key for key in attributes if key.endswith("}type")]:
            prefix, colon, local = attributes[key].rpartition(":")
            attributes[key] = f"{{{node.nsmap.get(prefix if colon else None)}}}{local}"
        leaf = not any(isinstance(child.tag, str) for child in node)
        text = "".join(node.itertext()) if leaf else ""
        found.append((node.tag, sorted(attributes.items()), text))
    return found


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_every_spelling_keeps_names_and_values(style: Style) -> None:
    for source in (
        bases.load("td0_2").envelope,
        bases.load("cda_structured").part("document").data,
    ):
        assert names_and_values(respell(source, style, 2)) == names_and_values(source)
