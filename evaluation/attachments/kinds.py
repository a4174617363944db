"""What a file is by its first octets, whatever it calls itself.

The signatures are those of the formats' own specifications (PKWARE APPNOTE 4.3, MS-CFB 2.2,
ISO 32000 7.5.2, RFC 1952, PNG 5.2 …) as `file` (magic(5)) reads them too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Family", "Kind", "sniff"]


class Family(StrEnum):
    ARCHIVE = "archive"
    DOCUMENT = "document"
    EXECUTABLE = "executable"
    IMAGE = "image"
    MARKUP = "markup"
    MEDIA = "media"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Kind:
    """`extensions` are those under which such a file may honestly travel."""

    name: str
    family: Family
    extensions: frozenset[str]


def _kind(name: str, family: Family, extensions: str) -> Kind:
    return Kind(name, family, frozenset(extensions.split()))


_OFFICE_ZIP = (
    "docx docm dotx dotm xlsx xlsm xlsb xltx xltm xlam pptx pptm potx potm ppsx ppsm ppam sldx "
    "vsdx vsdm odt ods odp odg odf ott ots otp epub jar apk war ear xpi kmz ipa appx msix "
    "appxbundle msixbundle pages numbers key nupkg whl 3mf sketch oxps xps idml usdz crx aar vsix"
)
_OFFICE_OLE = (
    "doc dot xls xlt xla ppt pot pps ppa msg msi msp mst vsd vss pub mpp db one wps hwp adp mdb "
    "docx xlsx pptx docm xlsm pptm"  # with a password they are such a container too
)
ZIP = _kind("ZIP", Family.ARCHIVE, f"zip {_OFFICE_ZIP}")
OLE = _kind("OLE2", Family.DOCUMENT, _OFFICE_OLE)
PDF = _kind("PDF", Family.DOCUMENT, "pdf ai")
RTF = _kind("RTF", Family.DOCUMENT, "rtf doc")
GZIP = _kind("gzip", Family.ARCHIVE, "gz tgz svgz emz wmz dia")
BZIP2 = _kind("bzip2", Family.ARCHIVE, "bz2 tbz tbz2 bz")
XZ = _kind("xz", Family.ARCHIVE, "xz txz")
TAR = _kind("tar", Family.ARCHIVE, "tar ova gem")
SEVEN_ZIP = _kind("7z", Family.ARCHIVE, "7z")
RAR = _kind("RAR", Family.ARCHIVE, "rar cbr")
DISC = _kind("disc image", Family.ARCHIVE, "iso img bin udf")
HTML = _kind("HTML", Family.MARKUP, "html htm xhtml shtml hta mht mhtml php asp aspx")
SVG = _kind("SVG", Family.MARKUP, "svg xml")
XML = _kind(
    "XML",
    Family.MARKUP,
    "xml svg rss atom kml gpx xsl xslt xsd plist xhtml html xul wsf rels fods fodt",
)
CALENDAR = _kind("iCalendar", Family.TEXT, "ics vcs ical ifb")
VCARD = _kind("vCard", Family.TEXT, "vcf vcard")
SCRIPT = _kind("script", Family.EXECUTABLE, "sh py pl rb php js mjs cgi bash csh ksh tcl awk")
_WINDOWS = _kind("Windows program", Family.EXECUTABLE, "exe dll scr com sys cpl ocx drv msi")

_STARTS: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", ZIP),
    (b"PK\x07\x08PK", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"{\\rt", RTF),
    (b"\x1f\x8b", GZIP),
    (b"BZh", BZIP2),
    (b"\xfd7zXZ\x00", XZ),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"Rar!\x1a\x07", RAR),
    (b"MSCF", _kind("cabinet", Family.ARCHIVE, "cab msu")),
    (b"LZIP", _kind("lzip", Family.ARCHIVE, "lz")),
    (b"(\xb5/\xfd", _kind("zstandard", Family.ARCHIVE, "zst tzst")),
    (b"\x89PNG\r\n\x1a\n", _kind("PNG", Family.IMAGE, "png apng")),
    (b"\xff\xd8\xff", _kind("JPEG", Family.IMAGE, "jpg jpeg jpe jfif")),
    (b"GIF87a", _kind("GIF", Family.IMAGE, "gif")),
    (b"GIF89a", _kind("GIF", Family.IMAGE, "gif")),
    (b"II*\x00", _kind("TIFF", Family.IMAGE, "tif tiff dng nef cr2 arw")),
    (b"MM\x00*", _kind("TIFF", Family.IMAGE, "tif tiff dng nef")),
    (b"8BPS", _kind("Photoshop", Family.IMAGE, "psd psb")),
    (b"\x00\x00\x01\x00", _kind("icon", Family.IMAGE, "ico")),
    (b"ID3", _kind("MP3", Family.MEDIA, "mp3")),
    (b"OggS", _kind("Ogg", Family.MEDIA, "ogg oga ogv opus spx")),
    (b"fLaC", _kind("FLAC", Family.MEDIA, "flac")),
    (b"\x1aE\xdf\xa3", _kind("Matroska", Family.MEDIA, "mkv webm mka")),
    (b"\x7fELF", _kind("Linux program", Family.EXECUTABLE, "so o ko elf bin run out")),
    (b"\xca\xfe\xba\xbe", _kind("Java or macOS program", Family.EXECUTABLE, "class dylib")),
    (b"\xfe\xed\xfa", _kind("macOS program", Family.EXECUTABLE, "dylib bundle")),
    (b"\xce\xfa\xed\xfe", _kind("macOS program", Family.EXECUTABLE, "dylib bundle")),
    (b"\xcf\xfa\xed\xfe", _kind("macOS program", Family.EXECUTABLE, "dylib bundle")),
    (b"dex\n", _kind("Android program", Family.EXECUTABLE, "dex")),
    (b"\x00asm", _kind("WebAssembly", Family.EXECUTABLE, "wasm")),
    (b"L\x00\x00\x00\x01\x14\x02\x00", _kind("Windows shortcut", Family.EXECUTABLE, "lnk")),
    (b"ITSF", _kind("Windows help", Family.EXECUTABLE, "chm")),
    (b"\x78\x9f\x3e\x22", _kind("TNEF", Family.ARCHIVE, "dat tnef")),
    (b"#!", SCRIPT),
    (b"!<arch>\n", _kind("ar archive", Family.ARCHIVE, "deb a ar lib udeb")),
    (b"\xed\xab\xee\xdb", _kind("RPM package", Family.EXECUTABLE, "rpm")),
)
_HEAD = 4_096
_MARKUP = re.compile(
    rb"\s{0,200}<(?:!doctype\s{1,20}html|html|head|body|script|iframe|meta\s)", re.I
)
_XML = re.compile(rb"\s{0,200}<(?:\?xml|svg)\b", re.I)
_PDF_WITHIN = 1_024  # readers find the header within the first KB (ISO 32000-1, H.3 note 13)
_ISO_AT = 32_769  # ECMA-119, 8.1
_RIFF = {
    b"WEBP": _kind("WebP", Family.IMAGE, "webp"),
    b"WAVE": _kind("WAV", Family.MEDIA, "wav"),
    b"AVI ": _kind("AVI", Family.MEDIA, "avi"),
}
_HEIF = _kind("HEIF", Family.IMAGE, "avif heic heif hif")
_HEIF_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1", b"hevc")
_MP4 = _kind("MP4", Family.MEDIA, "mp4 m4a m4v mov qt 3gp 3g2 m4b f4v")
_BMP = _kind("BMP", Family.IMAGE, "bmp dib")


def sniff(data: bytes) -> Kind | None:
    """The kind that the octets show; None for plain text and what is not known here."""
    head = data[:_HEAD]
    if head[:2] == b"MZ" and _is_program(data):
        return _WINDOWS
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[257:262] == b"ustar" and len(data) >= 512:
        return TAR
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return PDF
    if data[_ISO_AT : _ISO_AT + 5] == b"CD001":
        return DISC
    return _riff(head) or _media(head) or _textual(head)


def _is_program(data: bytes) -> bool:
    """MZ alone begins many a text; the header names where the PE header stands."""
    where = int.from_bytes(data[60:64], "little")
    return len(data) >= 64 and (
        data[where : where + 2] in (b"PE", b"NE", b"LE", b"LX") or b"\x00" in data[2:64]
    )


def _riff(head: bytes) -> Kind | None:
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return _BMP
    if head[:4] != b"RIFF":
        return None
    return _RIFF.get(head[8:12])


def _media(head: bytes) -> Kind | None:
    """Files of ISO 14496-12, told apart by their brand."""
    if head[4:8] != b"ftyp":
        return None
    return _HEIF if head[8:12] in _HEIF_BRANDS else _MP4


def _textual(head: bytes) -> Kind | None:
    text = head.removeprefix(b"\xef\xbb\xbf")
    if text[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = text[2:].replace(b"\0", b"")
    if _MARKUP.match(text):
        return HTML
    if _XML.match(text):
        low = text.lower()
        if b"<svg" in low:
            return SVG
        return HTML if b"<html" in low else XML
    start = text.lstrip()[:20].upper()
    if start.startswith(b"BEGIN:VCALENDAR"):
        return CALENDAR
    return VCARD if start.startswith(b"BEGIN:VCARD") else None
