"""Model folders as sentence-transformers writes them: a tiny BERT of random weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from knowledge_base.embedding import quiet, without_hub

__all__ = ["cross_encoder_folder", "model_folder", "state_languages"]

WORDS = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", "passage", ":", ".", "downtime"),
    *("unplanned", "bun", "lines", "line", "fell", "from", "to", "hours", "a", "month", "the"),
    *("on", "sensors", "motors", "druckluft", "sank", "um", "scrap", "rate", "of", "costs"),
    "rose",
]
_WIDTH = 16


def model_folder(folder: Path, prompts: Mapping[str, str] | None = None, seed: int = 0) -> Path:
    """An embedding model; its README.md states no languages."""
    without_hub()
    with quiet():
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.models import Pooling, Transformer
        from transformers import BertModel

        base = folder.with_name(f"{folder.name}-base")
        _save_bert(base, BertModel, seed)
        modules = [Transformer(str(base)), Pooling(_WIDTH)]
        model = SentenceTransformer(modules=modules, device="cpu", prompts=dict(prompts or {}))
        model.save(str(folder))
    return folder


def cross_encoder_folder(folder: Path, seed: int = 0) -> Path:
    """A model that gives a pair of texts one number."""
    without_hub()
    with quiet():
        from transformers import BertForSequenceClassification

        # Wide weights: otherwise all pairs get nearly the same.
        _save_bert(folder, BertForSequenceClassification, seed, num_labels=1, initializer_range=1.0)
    return folder


def state_languages(folder: Path, front_matter: str) -> None:
    (folder / "README.md").write_text(f"---\n{front_matter}\n---\n# A model\n", encoding="utf-8")


def _save_bert(folder: Path, kind: Any, seed: int, **options: Any) -> None:
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, PreTrainedTokenizerFast

    numbers = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(WordPiece(numbers, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(mark, numbers[mark]) for mark in ("[CLS]", "[SEP]")],
    )
    marks = {f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")}
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=64, **marks
    ).save_pretrained(folder)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=_WIDTH,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=_WIDTH,
        max_position_embeddings=64,
        **options,
    )
    kind(config).eval().save_pretrained(folder)
