"""The shape of a language's folder, `personalize/languages/<BCP 47>/`, file by file.

A regional folder (`en-GB`) names its `base` and holds only what differs: mappings are merged
key by key, patterns by their id, and `words` replaces single words in all that was taken over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from contracts.audience import Salutation
from language.datafile import DataFile

__all__ = [
    "FILES",
    "AngleWords",
    "Angles",
    "Blocks",
    "Footer",
    "Greetings",
    "Mail",
    "Mails",
    "Pattern",
    "Profile",
    "SampleReader",
    "Scenes",
    "Terms",
]

Style = Literal["formal", "friendly", "direct", "expert"]
Need = Literal[
    "result", "story", "metric", "before_after", "change", "told", "retold", "named", "anonymous",
    "ours", "industry", "scene", "role", "challenge", "solution", "caveat", "second", "single",
    "introduced", "unintroduced", "online", "onsite", "agenda", "offer", "deadline", "problem",
]  # fmt: skip
"""What a pattern needs at hand. `result`: the case has a result that may be claimed; `story`: it
has none and is only told. `told`: in the case's own sentences, which are in the letter's
language; `retold`: put into words from its data, in one of two shapes, `before_after` and
`change`. `named`, `anonymous`: the customer's name, or its trade. `ours`: the case uses the
product that the brief offers. `industry`, `role`, `problem`: of the segment. `scene`: a sentence
on that industry. `introduced`: an earlier module already spoke of the case. `single`: no second
result follows."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Pattern(_Strict):
    """One way of writing a module: Jinja2 text with tags around what it claims."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    text: str
    other: str = ""  # the same in the language's other form of address, where `text` has one
    tactic: str = ""  # id in variants/data/tactics.yaml; subjects and openers only
    needs: tuple[Need, ...] = ()
    style: Annotated[tuple[Style, ...], BeforeValidator(_one_or_more)] = ()  # (): every style
    stage: tuple[str, ...] = ()  # only for segments at one of these stages
    touch: tuple[str, ...] = ()  # only after one of these


class Limits(_Strict):
    subject: int  # characters, label included
    preheader: int
    body_min: int
    body_max: int
    count: Literal["words", "characters"]


class Address(_Strict):
    """Words that show a form of address; regular expressions. `default` is the form of `text`
    in a pattern. A language with one form for all has no words for the other."""

    default: Literal["formal", "familiar"] = "formal"
    formal: tuple[str, ...] = ()
    familiar: tuple[str, ...] = ()


class Typography(_Strict):
    """One rule of setting, applied to every text that the language's files make."""

    find: str
    replace: str
    why: str

    @model_validator(mode="after")
    def _compiles(self) -> Typography:
        re.compile(self.find)
        return self


class Profile(DataFile):
    """`language.yaml`: what the language is like."""

    language: str
    base: str = ""
    countries: tuple[str, ...] = ()  # ISO 3166-1; where a regional folder is read
    name: str = ""  # in itself
    direction: Literal["ltr", "rtl"] = "ltr"
    limits: Limits | None = None
    address: Address | None = None
    quotes: tuple[str, str] | None = None
    colon: str = ""  # with the space that follows it
    and_: str = Field(default="", alias="and")
    sentence_gap: str | None = None  # between two sentences: " ", or "" in Chinese and Japanese
    repeat_unit: tuple[str, ...] = ()  # kinds of unit that stand with both of two figures
    dangling: tuple[str, ...] = ()  # first words of sentences that hang on the one before
    typography: tuple[Typography, ...] = ()
    words: Mapping[str, str] = Field(default_factory=dict)  # regional folders: word -> word


Forms = Mapping[str, Mapping[str, str]]  # taxonomy id -> form -> text


class Terms(DataFile):
    """`terms.yaml`: the taxonomy's terms in the forms that sentences need.

    A unit has a form for each CLDR plural category; a form `gen_few` makes `after_gen`,
    `before_full_gen` and `change_gen` at hand for patterns.
    """

    forms: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    metrics: Forms = Field(default_factory=dict)
    industries: Forms = Field(default_factory=dict)
    roles: Forms = Field(default_factory=dict)
    problems: Forms = Field(default_factory=dict)
    units: Forms = Field(default_factory=dict)
    quantity: str = ""  # "{n} {unit}"
    quantities: Mapping[str, str] = Field(default_factory=dict)  # of single units: "{n} %"
    periods: Mapping[str, str] = Field(default_factory=dict)  # unit -> "pro Quartal"
    verbs: Mapping[Literal["down", "up"], tuple[Mapping[str, str], ...]] = Field(
        default_factory=dict
    )


class Scenes(DataFile):
    """`scenes.yaml`: the working day of an industry, the concern of a role."""

    industries: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    roles: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class AngleWords(_Strict):
    cues: tuple[str, ...] = ()
    subjects: tuple[str, ...]
    questions: tuple[str, ...]
    other_questions: tuple[str, ...] = ()  # in the other form of address, in the same order
    mechanisms: tuple[str, ...]


class Angles(DataFile):
    """`angles.yaml`: each angle of personalize/angles.yaml in words."""

    angles: Mapping[str, AngleWords] = Field(default_factory=dict)


class Who(_Strict):
    """How a case's customer is called, by what may be said: form -> text."""

    named_ours: Mapping[str, str] = Field(default_factory=dict)
    named: Mapping[str, str] = Field(default_factory=dict)
    anonymous: Mapping[str, str] = Field(default_factory=dict)


class Mail(_Strict):
    """Patterns by module. In blocks.yaml they serve every mail; in mails.yaml those of one kind
    of mail, and there they take the place of the shared ones."""

    subjects: tuple[Pattern, ...] = ()
    preheaders: tuple[Pattern, ...] = ()
    openers: tuple[Pattern, ...] = ()
    problems: tuple[Pattern, ...] = ()
    solutions: tuple[Pattern, ...] = ()
    proofs: tuple[Pattern, ...] = ()
    social_proofs: tuple[Pattern, ...] = ()
    offers: tuple[Pattern, ...] = ()
    events: tuple[Pattern, ...] = ()
    calls: tuple[Pattern, ...] = ()
    ps: tuple[Pattern, ...] = ()
    sign_offs: tuple[Pattern, ...] = ()


class Blocks(DataFile):
    """`blocks.yaml`: what every kind of mail shares."""

    who: Who = Who()
    seconds: tuple[Pattern, ...] = ()  # a second result, as a sentence of its own
    modules: Mail = Mail()


class Mails(DataFile):
    """`mails.yaml`: the patterns of each kind of mail in personalize/presets/."""

    mails: Mapping[str, Mail] = Field(default_factory=dict)


class _Rule(_Strict):
    key: str
    needs: tuple[str, ...] = ()
    values: Mapping[str, str] = Field(default_factory=dict)


class SampleReader(BaseModel):
    """An invented recipient, as whom a mail can be looked at before it has any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_name: str = "Alex"
    last_name: str = "Muster"
    salutation: Salutation = Salutation.UNKNOWN
    title: str = ""
    job_title: str = ""
    company: str = ""


class Greetings(DataFile):
    """`greetings.yaml`: who is greeted how. The first rule whose needs are all known is taken."""

    module: str = ""  # "[[greeting]]", and what always follows it
    rules: tuple[_Rule, ...] = ()
    titles: Mapping[str, str] = Field(default_factory=dict)  # ending of a job title -> what is said
    academic: Mapping[str, str] = Field(default_factory=dict)  # "Prof. Dr." -> "Professor"
    formal: Mapping[str, str] = Field(default_factory=dict)  # key -> sentence
    relaxed: Mapping[str, str] = Field(default_factory=dict)
    sample: SampleReader = SampleReader()


class Footer(DataFile):
    """`footer.yaml`: what the law and good manners want below a mail."""

    blocks: Mapping[str, str] = Field(default_factory=dict)
    unsubscribe_label: str = ""
    privacy_label: str = ""
    reasons: Mapping[str, str] = Field(default_factory=dict)  # consent kind -> why they get it


FILES: Mapping[str, type[DataFile]] = {
    "language": Profile,
    "terms": Terms,
    "scenes": Scenes,
    "angles": Angles,
    "blocks": Blocks,
    "mails": Mails,
    "greetings": Greetings,
    "footer": Footer,
}
"""Every file of a folder, by its name without the ending."""
