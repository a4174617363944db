"""Passages: whole thoughts, stable ids, and nothing of the case lost."""

from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st
from kb_samples import sample_cases, write

from contracts.case import SectionKind, Span
from knowledge_base import split_passages
from knowledge_base.readers import read_cases


def test_sections_become_passages_of_their_kind(tmp_path):
    case = sample_cases(tmp_path)["larkmoor"]
    kinds = [passage.kind for passage in split_passages(case)]
    assert kinds == [
        SectionKind.CHALLENGE,
        SectionKind.CHALLENGE,
        SectionKind.SOLUTION,
        SectionKind.OUTCOME,
        SectionKind.OUTCOME,
        SectionKind.OTHER,
        SectionKind.QUOTE,
    ]
    for passage in split_passages(case):
        assert passage.span.of(case.text) == passage.text
        assert passage.text_hash == case.text_hash


def test_ids_are_stable_and_follow_the_text(tmp_path):
    case = sample_cases(tmp_path)["larkmoor"]
    first = split_passages(case)
    assert first == split_passages(case)
    assert len({passage.id for passage in first}) == len(first)
    changed = dataclasses.replace(case, text=case.text.replace("88 motors", "99 motors"))
    different = [a.id for a, b in zip(first, split_passages(changed), strict=True) if a.id != b.id]
    assert len(different) == 1
    assert different[0].startswith("larkmoor:solution:1:")


words = st.lists(
    st.sampled_from(["word", "longer-word", "e.g.", "2.5", "句子。", "End."]), min_size=1
)
paragraphs = st.lists(words.map(" ".join), min_size=1, max_size=30)


@settings(deadline=None, max_examples=30)
@given(paragraphs)
def test_no_text_is_lost_and_no_passage_is_too_long(parts):
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        text = "---\nid: c\nlanguage: en\n---\n" + "\n\n".join(parts)
        (case,) = read_cases(write(Path(folder), "c.md", text)).cases
    passages = split_passages(case)
    covered = "".join(passage.text for passage in passages)
    assert "".join(covered.split()) == "".join(case.text.split())
    end = 0
    for passage in passages:
        assert passage.span.start >= end
        end = passage.span.end
        assert len(passage.text) <= 900


def test_a_long_paragraph_is_split_between_sentences(tmp_path):
    sentence = "This sentence has exactly so many words as it needs to have. "
    text = "---\nid: c\nlanguage: en\n---\n## Solution\n\n" + sentence * 40
    (case,) = read_cases(write(tmp_path, "c.md", text)).cases
    passages = split_passages(case)
    assert len(passages) > 2
    assert all(passage.text.endswith("have.") for passage in passages)
    assert all(isinstance(passage.span, Span) for passage in passages)


def test_two_results_of_one_sentence_make_one_passage(tmp_path):
    case = sample_cases(tmp_path)["larkmoor"]
    outcome = next(o for o in case.outcomes if o.sure)
    twice = dataclasses.replace(case, outcomes=(*case.outcomes, outcome))
    assert split_passages(twice) == split_passages(case)
