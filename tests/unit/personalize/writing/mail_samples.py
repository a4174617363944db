"""A variant with every kind of module, a brief that decorates it, and image files made here."""

from __future__ import annotations

import struct
import zlib
from typing import Any

from writing_samples import PROFILE, SENDER

from contracts.brief import Brief
from contracts.mail import Edition, Module, ModuleKind, ModuleLink, Variant
from personalize import build_edition

BASE = "https://mail.probe.example/u/"
TEXTS = {
    "en": ("Bearing wear, seen early", "See the plan", "Kind regards\n\nAda Probe"),
    "de": ("Lagerschäden früh sehen", "Plan ansehen", "Freundliche Grüße\n\nAda Probe"),
}


def png(width: int = 40, height: int = 20, noise: int = 0) -> bytes:
    """A real PNG of one colour; `noise` bytes of a text chunk make it larger."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + b"\x20\x60\xa0" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + (chunk(b"tEXt", b"x\x00" + b"y" * noise) if noise else b"")
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def gif(width: int = 40, height: int = 20, frames: int = 1, size: int = 0) -> bytes:
    """The head of a GIF with as many frames as asked for."""
    head = b"GIF89a" + struct.pack("<HH", width, height) + b"\x00\x00\x00"
    return head + b"\x21\xf9\x04\x00\x00\x00\x00\x00" * frames + b"\x00" * size + b";"


def jpeg(width: int = 40, height: int = 20) -> bytes:
    """The headers of a JPEG: an application segment, fill bytes, the frame."""
    segment = b"\xff\xe0\x00\x06JFIF"
    frame = b"\xff\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03" + b"\x00" * 9
    return b"\xff\xd8" + segment + frame + b"\xff\xd9"


def variant(language: str = "en", *more: Module, without: tuple[ModuleKind, ...] = ()) -> Variant:
    """A short letter with event, items, button and postscript; `more` replaces by kind."""
    subject, label, sign_off = TEXTS[language]
    modules = [
        Module(ModuleKind.SUBJECT, subject),
        Module(ModuleKind.PREHEADER, "What was measured"),
        Module(ModuleKind.GREETING, "[[greeting]]"),
        Module(ModuleKind.OPENER, "First paragraph.\n\nSecond paragraph."),
        Module(ModuleKind.EVENT, "Monitoring in practice\n12 January, 10:00\nOnline"),
        Module(
            ModuleKind.CALL_TO_ACTION,
            "It takes five minutes.",
            label=label,
            url="https://probe.example/plan?page=2#top",
        ),
        Module(
            ModuleKind.ITEMS,
            "Vibration\nWhat it tells.\n\nCables\nNone are needed.",
            links=(
                ModuleLink(0, "Vibration", "https://probe.example/1"),
                ModuleLink(1, "How sensors are mounted", "https://probe.example/2"),
            ),
        ),
        Module(ModuleKind.PS, "P.S. Pass this on."),
        Module(ModuleKind.SIGN_OFF, sign_off),
    ]
    other = {module.kind: module for module in more}
    chosen = tuple(
        other.get(module.kind, module) for module in modules if module.kind not in without
    )
    return Variant("d_1", "spring", "food", language, chosen, {})


def brief(**changes: Any) -> Brief:
    parts: dict[str, Any] = {
        "name": "spring",
        "sender": "acme",
        "product": {"name": "Probe One", "description": "monitoring"},
        "call_to_action": {"url": "https://probe.example/plan", "label": {"": ["See"]}},
        "event": {
            "title": {"": "Monitoring; in practice, today", "de": "Überwachung in der Praxis"},
            "start": "2027-01-12T10:00:00+01:00",
            "end": "2027-01-12T10:45:00+01:00",
            "url": "https://probe.example/event",
        },
        "segments": [{"name": "food"}],
    }
    return Brief.model_validate({**parts, **changes})


def edition(made: Variant | None = None, **given: Any) -> Edition:
    return build_edition(made or variant(), PROFILE, SENDER, BASE, **given)
